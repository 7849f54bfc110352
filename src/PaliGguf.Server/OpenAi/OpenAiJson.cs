using System.Text.Json.Serialization;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.OpenAi;

/// <summary>What OpenAI's API reads from bodies and writes into answers.</summary>
[JsonSerializable(typeof(ChatCompletionRequest))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatCompletionChunk))]
[JsonSerializable(typeof(CountedChunk))]
[JsonSerializable(typeof(ResponseRequest))]
[JsonSerializable(typeof(ResponseJson))]
[JsonSerializable(typeof(ResponseEvent))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelEntry))]
internal sealed partial class OpenAiJson : JsonSerializerContext
{
    public static OpenAiJson Plain { get; } = new(HttpJson.NewOptions());
}
