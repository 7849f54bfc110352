namespace PaliGguf.Language;

/// <summary>
/// One token of an answer, as soon as it is decoded. Where the answer ends with text still held back, its last token comes once more, with that text.
/// </summary>
/// <param name="Id">Its id in the vocabulary.</param>
/// <param name="Text">
/// The text that became certain with it; may be empty (a character's bytes are not complete, or a stop text may have begun).
/// </param>
/// <param name="LogProbability">The natural logarithm of the probability that the model gave it.</param>
public readonly record struct GeneratedToken(int Id, string Text, float LogProbability);

/// <summary>Why an answer ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended it, or a stop text appeared.</summary>
    Stop,

    /// <summary>It reached the longest length allowed, or the end of the context.</summary>
    Length,

    /// <summary>The caller cancelled it; the text is what there was by then.</summary>
    Cancelled,
}

/// <summary>A whole answer.</summary>
public sealed record GenerationResult
{
    /// <summary>The answer's text, without the end-of-sequence token and without the stop text.</summary>
    public required string Text { get; init; }

    /// <summary>The answer's token ids, without the end-of-sequence token.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>The natural logarithm of the probability that the model gave each token, one per element of <see cref="Tokens"/>.</summary>
    public required IReadOnlyList<float> LogProbabilities { get; init; }

    /// <summary>
    /// One element per element of <see cref="Tokens"/>: where the token is one of the observed ones (<see cref="GenerationRequest.Observed"/>), the probabilities that
    /// the model gave each of these at that step, in their order; else null.
    /// </summary>
    internal IReadOnlyList<float[]?> Observations { get; init; } = [];

    /// <summary>The length of the prefix: image tokens, beginning-of-sequence, prompt and line feed.</summary>
    public required int PrefixTokens { get; init; }

    /// <summary>Why the answer ended.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <summary>Where the time went.</summary>
    public required GenerationTimings Timings { get; init; }
}

/// <summary>Where the time of a request went, without the time it waited for others.</summary>
/// <param name="Vision">The vision tower, resizing included; near zero when the picture was seen before.</param>
/// <param name="Prefix">Decoding the prefix.</param>
/// <param name="Decode">From the first token of the answer to its last.</param>
/// <param name="DecodeSteps">How many tokens were decoded in that time.</param>
public sealed record GenerationTimings(TimeSpan Vision, TimeSpan Prefix, TimeSpan Decode, int DecodeSteps)
{
    /// <summary>How many of the pictures did not pass through the vision tower, because they had been seen before (<see cref="ModelOptions.SoftTokenCacheBytes"/>).</summary>
    public int PicturesCached { get; init; }

    /// <summary>How much of <see cref="Prefix"/> and <see cref="Decode"/> was spent in the native library; the rest is this library's own.</summary>
    public TimeSpan Native { get; init; }

    /// <summary>Tokens of the answer per second, after the first; 0 when there was no further one.</summary>
    public double DecodeTokensPerSecond => DecodeSteps > 0 && Decode > TimeSpan.Zero ? DecodeSteps / Decode.TotalSeconds : 0;
}
