using System.Text.Json.Serialization;
using PaliGguf.Language;
using PaliGguf.Server.Http;
using PaliGguf.Server.Work;

namespace PaliGguf.Server.Ollama;

/// <summary>The options of a request of ollama's API. What concerns the machine and not the answer (num_gpu, num_thread and the like) changes
/// nothing; penalties are refused.</summary>
internal sealed record OllamaOptions
{
    [JsonPropertyName("temperature")]
    public float? Temperature { get; init; }

    [JsonPropertyName("top_k")]
    public int? TopK { get; init; }

    [JsonPropertyName("top_p")]
    public float? TopP { get; init; }

    [JsonPropertyName("min_p")]
    public float? MinP { get; init; }

    [JsonPropertyName("seed")]
    public long? Seed { get; init; }

    [JsonPropertyName("stop")]
    public IReadOnlyList<string>? Stop { get; init; }

    [JsonPropertyName("num_predict")]
    public int? NumPredict { get; init; }

    [JsonPropertyName("num_ctx")]
    public int? NumCtx { get; init; }

    [JsonPropertyName("repeat_penalty")]
    public float? RepeatPenalty { get; init; }

    [JsonPropertyName("presence_penalty")]
    public float? PresencePenalty { get; init; }

    [JsonPropertyName("frequency_penalty")]
    public float? FrequencyPenalty { get; init; }

    [JsonPropertyName("typical_p")]
    public float? TypicalP { get; init; }

    [JsonPropertyName("tfs_z")]
    public float? TfsZ { get; init; }

    [JsonPropertyName("mirostat")]
    public int? Mirostat { get; init; }

    /// <summary>How a prompt is answered.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="info">Who answers.</param>
    /// <param name="longest">The longest answer where the request does not say.</param>
    /// <exception cref="RejectionException">An option asks for something that is not done.</exception>
    public GenerationRequest ToGeneration(string prompt, ModelInfo info, int longest)
    {
        Refuse("repeat_penalty", RepeatPenalty is not (null or 1));
        Refuse("presence_penalty", PresencePenalty is not (null or 0));
        Refuse("frequency_penalty", FrequencyPenalty is not (null or 0));
        Refuse("typical_p", TypicalP is not (null or 1));
        Refuse("tfs_z", TfsZ is not (null or 1));
        Refuse("mirostat", Mirostat is not (null or 0));
        Require("temperature", Temperature is not < 0, "0 or more");
        Require("top_k", TopK is not < -1, "0 or -1 (all) or more");
        Require("top_p", TopP is not (<= 0 or > 1), "more than 0 and at most 1");
        Require("min_p", MinP is not (< 0 or > 1), "0 to 1");
        Require("num_predict", NumPredict is null or -1 or -2 or >= 1, "1 or more, or -1");
        if (NumCtx > info.ContextLength)
        {
            throw Rejection.Unsupported("options.num_ctx", $"The model was loaded for {info.ContextLength} tokens: leave 'num_ctx' out, or start the "
                + "server with a longer --context.");
        }

        return new GenerationRequest
        {
            Prompt = prompt,
            MaxTokens = NumPredict is >= 1 and var tokens ? tokens : longest,
            Stop = RequestLimits.List("options.stop", Stop),
            Sampling = RequestLimits.Sampling(Temperature, TopP, TopK, MinP, Seed),
        };
    }

    private static void Refuse(string name, bool asks)
    {
        if (asks) throw Rejection.Unsupported($"options.{name}", $"'{name}' is not supported: leave it out.");
    }

    private static void Require(string name, bool holds, string expected)
    {
        if (!holds) throw Rejection.Invalid($"options.{name}", $"'{name}' is {expected}.");
    }
}
