using System.Text.Json.Serialization;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Ollama;

/// <summary>What ollama's API reads from bodies and writes into answers.</summary>
[JsonSerializable(typeof(OllamaChatRequest))]
[JsonSerializable(typeof(OllamaGenerateRequest))]
[JsonSerializable(typeof(OllamaModelRequest))]
[JsonSerializable(typeof(OllamaAnswer))]
[JsonSerializable(typeof(OllamaModelList))]
[JsonSerializable(typeof(OllamaModel))]
[JsonSerializable(typeof(OllamaVersion))]
internal sealed partial class OllamaJson : JsonSerializerContext
{
    public static OllamaJson Plain { get; } = new(HttpJson.NewOptions());
}
