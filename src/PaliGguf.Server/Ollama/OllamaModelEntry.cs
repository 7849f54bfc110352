using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace PaliGguf.Server.Ollama;

/// <summary>The models that there are, or those that are loaded.</summary>
internal sealed record OllamaModelList([property: JsonPropertyName("models")] IReadOnlyList<OllamaModelEntry> Models);

/// <summary>A model.</summary>
internal sealed record OllamaModelEntry(
    [property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("modified_at")] DateTimeOffset ModifiedAt,
    [property: JsonPropertyName("size")] long Size, [property: JsonPropertyName("digest")] string Digest,
    [property: JsonPropertyName("details")] OllamaDetails Details)
{
    [JsonPropertyName("model")]
    [JsonPropertyOrder(-1)]
    public string Model => Name;

    [JsonPropertyName("expires_at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }

    [JsonPropertyName("size_vram")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeVram { get; init; }
}

/// <summary>What a model is.</summary>
internal sealed record OllamaDetails(
    [property: JsonPropertyName("family")] string Family, [property: JsonPropertyName("parameter_size")] string ParameterSize,
    [property: JsonPropertyName("quantization_level")] string QuantizationLevel)
{
    [JsonPropertyName("parent_model")]
    public string ParentModel { get; } = "";

    [JsonPropertyName("format")]
    public string Format { get; } = "gguf";

    [JsonPropertyName("families")]
    public IReadOnlyList<string> Families => [Family];
}

/// <summary>A model that is shown.</summary>
internal sealed record OllamaModel(
    [property: JsonPropertyName("details")] OllamaDetails Details, [property: JsonPropertyName("model_info")] JsonObject Info,
    [property: JsonPropertyName("modified_at")] DateTimeOffset ModifiedAt)
{
    [JsonPropertyName("capabilities")]
    public IReadOnlyList<string> Capabilities { get; } = ["completion", "vision"];

    [JsonPropertyName("modelfile")]
    public string ModelFile { get; } = "";

    [JsonPropertyName("parameters")]
    public string Parameters { get; } = "";

    [JsonPropertyName("template")]
    public string Template { get; } = "{{ .Prompt }}";
}

/// <summary>Which API this is.</summary>
internal sealed record OllamaVersion([property: JsonPropertyName("version")] string Version);
