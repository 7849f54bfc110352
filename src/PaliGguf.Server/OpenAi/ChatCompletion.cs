using System.Text.Json.Serialization;

namespace PaliGguf.Server.OpenAi;

/// <summary>A whole answer.</summary>
internal sealed record ChatCompletion(
    [property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("created")] long Created, [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("choices")] IReadOnlyList<ChatChoice> Choices, [property: JsonPropertyName("usage")] ChatUsage Usage)
{
    [JsonPropertyName("object")]
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "chat.completion";
}

/// <summary>The one answer of a completion.</summary>
internal sealed record ChatChoice(
    [property: JsonPropertyName("message")] ChatAnswer Message, [property: JsonPropertyName("finish_reason")] string FinishReason,
    [property: JsonPropertyName("logprobs")] ChatLogprobs? Logprobs)
{
    [JsonPropertyName("index")]
    [JsonPropertyOrder(-1)]
    public int Index { get; }
}

/// <summary>The answer's message.</summary>
internal sealed record ChatAnswer([property: JsonPropertyName("content")] string Content)
{
    [JsonPropertyName("role")]
    [JsonPropertyOrder(-1)]
    public string Role { get; } = "assistant";

    [JsonPropertyName("refusal")]
    public string? Refusal { get; }
}

/// <summary>A piece of an answer.</summary>
internal record ChatCompletionChunk(
    [property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("created")] long Created, [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("choices")] IReadOnlyList<ChatChunkChoice> Choices)
{
    [JsonPropertyName("object")]
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "chat.completion.chunk";
}

/// <summary>A piece of an answer whose tokens are to be counted: the last piece has the numbers, and the others have null.</summary>
internal sealed record CountedChunk(
    string Id, long Created, string Model, IReadOnlyList<ChatChunkChoice> Choices, [property: JsonPropertyName("usage")] ChatUsage? Usage)
    : ChatCompletionChunk(Id, Created, Model, Choices);

/// <summary>What a piece adds to the answer.</summary>
internal sealed record ChatChunkChoice(
    [property: JsonPropertyName("delta")] ChatDelta Delta, [property: JsonPropertyName("finish_reason")] string? FinishReason = null,
    [property: JsonPropertyName("logprobs")] ChatLogprobs? Logprobs = null)
{
    [JsonPropertyName("index")]
    [JsonPropertyOrder(-1)]
    public int Index { get; }
}

/// <summary>The new part of the message.</summary>
internal sealed record ChatDelta
{
    [JsonPropertyName("role")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonPropertyName("content")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content { get; init; }
}

/// <summary>How many tokens there were.</summary>
internal sealed record ChatUsage(
    [property: JsonPropertyName("prompt_tokens")] int PromptTokens, [property: JsonPropertyName("completion_tokens")] int CompletionTokens,
    [property: JsonPropertyName("total_tokens")] int TotalTokens);

/// <summary>How probable the answer's tokens were.</summary>
internal sealed record ChatLogprobs([property: JsonPropertyName("content")] IReadOnlyList<ChatTokenLogprob> Content)
{
    [JsonPropertyName("refusal")]
    public IReadOnlyList<ChatTokenLogprob>? Refusal { get; }
}

/// <summary>A token of the answer.</summary>
internal sealed record ChatTokenLogprob(
    [property: JsonPropertyName("token")] string Token, [property: JsonPropertyName("logprob")] double Logprob, [property: JsonPropertyName("bytes")] IReadOnlyList<int> Bytes,
    [property: JsonPropertyName("top_logprobs")] IReadOnlyList<ChatTopLogprob> TopLogprobs);

/// <summary>A token that could have been in its place.</summary>
internal sealed record ChatTopLogprob(
    [property: JsonPropertyName("token")] string Token, [property: JsonPropertyName("logprob")] double Logprob, [property: JsonPropertyName("bytes")] IReadOnlyList<int> Bytes);

/// <summary>The models that there are.</summary>
internal sealed record ModelList([property: JsonPropertyName("data")] IReadOnlyList<ModelEntry> Data)
{
    [JsonPropertyName("object")]
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "list";
}

/// <summary>A model.</summary>
internal sealed record ModelEntry([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("created")] long Created)
{
    [JsonPropertyName("object")]
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "model";

    [JsonPropertyName("owned_by")]
    public string OwnedBy { get; } = "paligguf";
}
