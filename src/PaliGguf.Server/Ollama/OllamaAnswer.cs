using System.Text.Json.Serialization;
using PaliGguf.Language;

namespace PaliGguf.Server.Ollama;

/// <summary>A piece of an answer of ollama's API, or all of it.</summary>
/// <param name="Model">Who answers.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="Done">Whether it is the last one.</param>
internal sealed record OllamaAnswer(
    [property: JsonPropertyName("model")] string Model, [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("done")] bool Done)
{
    private const long NanosecondsPerTick = 100;

    [JsonPropertyName("message")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OllamaAnswerMessage? Message { get; init; }

    [JsonPropertyName("response")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Response { get; init; }

    [JsonPropertyName("done_reason")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DoneReason { get; init; }

    [JsonPropertyName("total_duration")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? TotalDuration { get; init; }

    [JsonPropertyName("load_duration")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LoadDuration { get; init; }

    [JsonPropertyName("prompt_eval_count")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PromptEvalCount { get; init; }

    [JsonPropertyName("prompt_eval_duration")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PromptEvalDuration { get; init; }

    [JsonPropertyName("eval_count")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? EvalCount { get; init; }

    [JsonPropertyName("eval_duration")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? EvalDuration { get; init; }

    /// <summary>With what is counted when an answer has ended; times are in nanoseconds.</summary>
    /// <param name="result">The answer.</param>
    /// <param name="total">The time of the request.</param>
    /// <param name="load">The part of it that the model was waited for.</param>
    public OllamaAnswer Ended(GenerationResult result, TimeSpan total, TimeSpan load) => this with
    {
        Done = true,
        DoneReason = result.FinishReason == FinishReason.Length ? "length" : "stop",
        TotalDuration = total.Ticks * NanosecondsPerTick,
        LoadDuration = load.Ticks * NanosecondsPerTick,
        PromptEvalCount = result.PrefixTokens,
        PromptEvalDuration = (result.Timings.Vision + result.Timings.Prefix).Ticks * NanosecondsPerTick,
        EvalCount = result.Tokens.Count,
        EvalDuration = result.Timings.Decode.Ticks * NanosecondsPerTick,
    };
}

/// <summary>The answer's message.</summary>
internal sealed record OllamaAnswerMessage([property: JsonPropertyName("content")] string Content)
{
    [JsonPropertyName("role")]
    [JsonPropertyOrder(-1)]
    public string Role { get; } = "assistant";
}
