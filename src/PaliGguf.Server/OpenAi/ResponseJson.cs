using System.Text.Json;
using System.Text.Json.Serialization;

namespace PaliGguf.Server.OpenAi;

/// <summary>An answer of OpenAI's responses, whole or as far as it has come.</summary>
/// <param name="Id">Its name; nothing is kept under it.</param>
/// <param name="CreatedAt">When it was asked for, in seconds since 1970.</param>
/// <param name="Model">Who answers.</param>
/// <param name="Status">"in_progress", "completed" or "incomplete".</param>
/// <param name="Output">The one message, once it has ended.</param>
/// <param name="Usage">How many tokens there were, then.</param>
internal sealed record ResponseJson(
    [property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("created_at")] long CreatedAt,
    [property: JsonPropertyName("model")] string Model, [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("output")] IReadOnlyList<ResponseOutput> Output,
    [property: JsonPropertyName("usage")] ResponseUsage? Usage)
{
    private static readonly JsonElement NoMetadata = JsonElement.Parse("{}");

    [JsonPropertyName("object")]
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "response";

    [JsonPropertyName("incomplete_details")]
    public ResponseIncomplete? IncompleteDetails { get; init; }

    [JsonPropertyName("error")]
    public string? Error { get; }

    [JsonPropertyName("instructions")]
    public string? Instructions { get; }

    [JsonPropertyName("max_output_tokens")]
    public int? MaxOutputTokens { get; init; }

    [JsonPropertyName("metadata")]
    public JsonElement Metadata { get; init; } = NoMetadata;

    [JsonPropertyName("parallel_tool_calls")]
    public bool ParallelToolCalls { get; }

    [JsonPropertyName("previous_response_id")]
    public string? PreviousResponseId { get; }

    [JsonPropertyName("store")]
    public bool Store { get; }

    [JsonPropertyName("temperature")]
    public float Temperature { get; init; }

    [JsonPropertyName("tool_choice")]
    public string ToolChoice { get; } = "none";

    [JsonPropertyName("tools")]
    public IReadOnlyList<string> Tools { get; } = [];

    [JsonPropertyName("top_p")]
    public float TopP { get; init; }

    [JsonPropertyName("truncation")]
    public string Truncation { get; } = "disabled";
}

/// <summary>Why an answer is not whole.</summary>
internal sealed record ResponseIncomplete([property: JsonPropertyName("reason")] string Reason);

/// <summary>The message of an answer.</summary>
internal sealed record ResponseOutput(
    [property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("content")] IReadOnlyList<ResponseText> Content)
{
    [JsonPropertyName("type")]
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "message";

    [JsonPropertyName("role")]
    public string Role { get; } = "assistant";
}

/// <summary>Its text.</summary>
internal sealed record ResponseText([property: JsonPropertyName("text")] string Text)
{
    [JsonPropertyName("type")]
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "output_text";

    [JsonPropertyName("annotations")]
    public IReadOnlyList<string> Annotations { get; } = [];

    [JsonPropertyName("logprobs")]
    public IReadOnlyList<string> Logprobs { get; } = [];
}

/// <summary>How many tokens there were.</summary>
internal sealed record ResponseUsage(
    [property: JsonPropertyName("input_tokens")] int InputTokens, [property: JsonPropertyName("output_tokens")] int OutputTokens,
    [property: JsonPropertyName("total_tokens")] int TotalTokens)
{
    [JsonPropertyName("input_tokens_details")]
    public ResponseInputDetails InputDetails { get; } = new(0);

    [JsonPropertyName("output_tokens_details")]
    public ResponseOutputDetails OutputDetails { get; } = new(0);
}

/// <summary>Of them, those that were known from before.</summary>
internal sealed record ResponseInputDetails([property: JsonPropertyName("cached_tokens")] int CachedTokens);

/// <summary>Of them, those that are no part of the text.</summary>
internal sealed record ResponseOutputDetails([property: JsonPropertyName("reasoning_tokens")] int ReasoningTokens);
