namespace PaliGguf.Language;

/// <summary>Pictures and a prompt, and how to answer them.</summary>
public sealed record GenerationRequest
{
    /// <summary>The pictures, in the order in which the model sees them; usually one.</summary>
    public IReadOnlyList<RgbImage> Images { get; init; } = [];

    /// <summary>
    /// The prompt as the checkpoint was trained with it, "caption en" for example (see <see cref="Tasks.Prompts"/>), without the line feed
    /// that ends the prefix. The characters of control tokens ("&lt;eos&gt;", "&lt;image&gt;") in it stay characters; location and
    /// segmentation tokens ("&lt;loc0123&gt;") are recognised.
    /// </summary>
    public required string Prompt { get; init; }

    /// <summary>How tokens are chosen.</summary>
    public SamplingOptions Sampling { get; init; } = SamplingOptions.Greedy;

    /// <summary>The longest answer in tokens, at least 1; the context's end shortens it.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>Texts that end the answer when they appear in it; they are not part of the result.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>True to go on after the end-of-sequence token, up to <see cref="MaxTokens"/>: for measurements and comparisons.</summary>
    public bool IgnoreEos { get; init; }

    /// <summary>
    /// How many hypotheses a beam search follows. 1 (the default) is no search: the most probable token each time. More need temperature 0
    /// and as many sequences (<see cref="ModelOptions.Branches"/>), and find the most probable of the answers that end within the longest
    /// length.
    /// </summary>
    /// <remarks>
    /// What counts is the sum of the tokens' log-probabilities, end-of-sequence included and without length normalisation, as in PaliGemma's
    /// reference decoder (big_vision, <c>_beam_decode</c> in trainers/proj/paligemma/predict_fns.py). That suits captions and short answers; for
    /// boxes it prefers the empty answer, because each of very many boxes is improbable. The context's room is divided among the
    /// hypotheses, and the answer's tokens all come at its end. <see cref="FinishReason.Length"/> then means that the search was cut
    /// while a longer answer could still have been the most probable one.
    /// </remarks>
    public int Beams { get; init; } = 1;

    /// <summary>
    /// The adapters to answer with, of those that the model was loaded with (<see cref="ModelOptions.Adapters"/>), each at most once. Null for all of them with
    /// the scales that they were loaded with; an empty list for the model alone.
    /// </summary>
    /// <remarks>Requests with different adapters run side by side, but not in one batch, so they take turns at each token.</remarks>
    public IReadOnlyList<AdapterScale>? Adapters { get; init; }

    /// <summary>Makes the state that the answer begins in; null for a free answer.</summary>
    internal Func<PieceIndex, TokenConstraint>? Constraint { get; init; }

    /// <summary>
    /// Names tokens whose probabilities are of interest wherever one of them is chosen (see <see cref="GenerationResult.Observations"/>); null for none.
    /// </summary>
    internal Func<PieceIndex, IReadOnlyList<int>>? Observed { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Prompt);
        ArgumentNullException.ThrowIfNull(Sampling);
        Sampling.Validate();
        if (Images.Any(image => image is null)) throw new ArgumentException("A picture is null.");
        if (MaxTokens < 1) throw new ArgumentException($"The longest answer must have at least 1 token, not {MaxTokens}.");
        if (Beams < 1) throw new ArgumentException($"A search needs at least 1 beam, not {Beams}.");
        if (Beams > 1 && Sampling.Temperature != 0) throw new ArgumentException($"A search over {Beams} beams needs temperature 0, not {Sampling.Temperature}.");
        if (Constraint is not null && IgnoreEos) throw new ArgumentException("A constrained answer cannot go on after its end.");
        AdapterScale.Validate(Adapters);
        if (Stop.Any(string.IsNullOrEmpty)) throw new ArgumentException("A stop text is empty.");
    }
}
