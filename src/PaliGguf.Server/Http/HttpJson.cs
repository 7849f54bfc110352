using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PaliGguf.Server.Http;

/// <summary>The errors that are written into answers, and how the server reads and writes JSON: each room has a context of its own for what
/// it reads and writes.</summary>
[JsonSerializable(typeof(ProblemJson))]
[JsonSerializable(typeof(OpenAiErrorJson))]
[JsonSerializable(typeof(OllamaErrorJson))]
internal sealed partial class HttpJson : JsonSerializerContext
{
    /// <summary>With Thai as Thai: what is written is no part of a web page.</summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static HttpJson Plain { get; } = new(NewOptions());

    /// <summary>The options of a context, which keeps them for itself.</summary>
    public static JsonSerializerOptions NewOptions() => new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        Encoder = Encoder,
    };
}
