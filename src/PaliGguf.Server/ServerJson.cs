using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PaliGguf.Server.Http;
using PaliGguf.Server.OpenAi;
using PaliGguf.Server.Operations;
using PaliGguf.Server.Tasks;

namespace PaliGguf.Server;

/// <summary>All that is read from bodies and written into answers.</summary>
[JsonSerializable(typeof(ProblemJson))]
[JsonSerializable(typeof(OpenAiErrorJson))]
[JsonSerializable(typeof(ChatCompletionRequest))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatCompletionChunk))]
[JsonSerializable(typeof(CountedChunk))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelEntry))]
[JsonSerializable(typeof(TextRequest))]
[JsonSerializable(typeof(AnswerRequest))]
[JsonSerializable(typeof(GenerateRequest))]
[JsonSerializable(typeof(InstancesRequest))]
[JsonSerializable(typeof(ChooseRequest))]
[JsonSerializable(typeof(UploadRequest))]
[JsonSerializable(typeof(UploadJson))]
[JsonSerializable(typeof(TokenJson))]
[JsonSerializable(typeof(AnswerJson))]
[JsonSerializable(typeof(InstancesJson))]
[JsonSerializable(typeof(ChoicesJson))]
[JsonSerializable(typeof(HealthJson))]
[JsonSerializable(typeof(ModelStatusJson))]
internal sealed partial class ServerJson : JsonSerializerContext
{
    /// <summary>With Thai as Thai: what is written is no part of a web page.</summary>
    public static ServerJson Plain { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
