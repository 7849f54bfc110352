using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Ollama;

/// <summary>What chat and generate of ollama's API both have. What is here as <see cref="JsonElement"/> is only looked at to be
/// refused; fields that are not here change nothing.</summary>
internal abstract record OllamaRequest
{
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    [Description("Whether the answer comes piece by piece, as lines of JSON. Default: true.")]
    [JsonPropertyName("stream")]
    public bool? Stream { get; init; }

    [JsonPropertyName("options")]
    public OllamaOptions? Options { get; init; }

    [Description("How long the model stays loaded afterwards, where the server has several: 5m, a number of seconds, -1 for ever, 0 for not.")]
    [JsonPropertyName("keep_alive")]
    public JsonElement KeepAlive { get; init; }

    [JsonPropertyName("format")]
    public JsonElement Format { get; init; }

    [JsonPropertyName("think")]
    public JsonElement Think { get; init; }

    [JsonPropertyName("logprobs")]
    public JsonElement Logprobs { get; init; }

    /// <summary>What is not done is refused by its name.</summary>
    /// <exception cref="RejectionException">Something of it is asked for.</exception>
    public virtual void RefuseUnsupported()
    {
        Refuse("format", Format, "The model answers with text");
        Refuse("think", Think, "The model does not think before it answers");
        Refuse("logprobs", Logprobs, "/v1/chat/completions tells the tokens' probabilities");
    }

    protected static void Refuse(string name, JsonElement value, string reason)
    {
        bool asks = value.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False => false,
            JsonValueKind.String => !value.ValueEquals(""),
            JsonValueKind.Array => value.GetArrayLength() > 0,
            _ => true,
        };
        if (asks) throw Rejection.Unsupported(name, $"{reason}: leave '{name}' out.");
    }
}

/// <summary>A request of ollama's chat; the messages are read apart.</summary>
internal sealed record OllamaChatRequest : OllamaRequest
{
    [JsonPropertyName("messages")]
    public IReadOnlyList<OllamaMessage>? Messages { get; init; }

    [JsonPropertyName("tools")]
    public JsonElement Tools { get; init; }

    public override void RefuseUnsupported()
    {
        base.RefuseUnsupported();
        Refuse("tools", Tools, "The model calls no tools");
    }
}

/// <summary>A message of a conversation.</summary>
internal sealed record OllamaMessage
{
    [JsonPropertyName("role")]
    public string? Role { get; init; }

    [JsonPropertyName("content")]
    public string? Content { get; init; }

    [Description("The base64 of image files.")]
    [JsonPropertyName("images")]
    public IReadOnlyList<PictureData>? Images { get; init; }
}

/// <summary>A request of ollama's generate; the pictures are read apart.</summary>
internal sealed record OllamaGenerateRequest : OllamaRequest
{
    [JsonPropertyName("prompt")]
    public string? Prompt { get; init; }

    [Description("The base64 of image files.")]
    [JsonPropertyName("images")]
    public IReadOnlyList<PictureData>? Images { get; init; }

    [JsonPropertyName("suffix")]
    public JsonElement Suffix { get; init; }

    [JsonPropertyName("template")]
    public JsonElement Template { get; init; }

    [JsonPropertyName("context")]
    public JsonElement Context { get; init; }

    public override void RefuseUnsupported()
    {
        base.RefuseUnsupported();
        Refuse("suffix", Suffix, "Nothing is inserted before a text");
        Refuse("template", Template, "The prompt is what the model sees");
        Refuse("context", Context, "Nothing is kept of earlier prompts");
    }
}

/// <summary>Names a model.</summary>
internal sealed record OllamaModelRequest
{
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    [Description("The same, as older clients call it.")]
    [JsonPropertyName("name")]
    public string? Name { get; init; }
}
