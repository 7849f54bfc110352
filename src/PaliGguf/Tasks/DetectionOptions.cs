namespace PaliGguf.Tasks;

/// <summary>How instances are asked for, and which of them are wanted.</summary>
public sealed record DetectionOptions
{
    /// <summary>
    /// Instances with a lower score are left out: 0 (all) to 1. The score is an estimate of how probable it is that the thing is there and the box lies on
    /// it, made of the probabilities that the model gave the tokens of the answer; <c>docs/scores.md</c> says how, and how far it can be trusted.
    /// </summary>
    public float MinScore { get; init; }

    /// <summary>
    /// Of two boxes of one label whose intersection over union is more than this, only the one with the higher score stays: 0 to 1; null to keep all.
    /// </summary>
    public float? NonMaximumSuppression { get; init; }

    /// <summary>The longest answer in tokens, at least 1: a box takes about 6, a box with a mask about 22. The context's end shortens it.</summary>
    public int MaxTokens { get; init; } = 512;

    /// <summary>
    /// True to let the model write what it likes. By default only well-formed answers are possible, and those that are
    /// well-formed anyway are the same either way.
    /// </summary>
    public bool Free { get; init; }

    /// <summary>
    /// True (the default) to ask for each label with a prompt of its own; the vision tower runs once for all. False to ask for all of them in one prompt, which
    /// takes one prefix instead of several. The shipped model finds 96 of 100 things when asked for one label at a time and 51 when asked for all, since it then
    /// pairs boxes and names wrongly; larger checkpoints may not.
    /// </summary>
    public bool OneLabelAtATime { get; init; } = true;

    /// <inheritdoc cref="Language.GenerationRequest.Adapters" path="/summary"/>
    public IReadOnlyList<AdapterScale>? Adapters { get; init; }

    internal void Validate()
    {
        AdapterScale.Validate(Adapters);
        if (!(MinScore is >= 0 and <= 1)) throw new ArgumentException($"The lowest score of {MinScore} is out of range: it is between 0 and 1.");
        if (NonMaximumSuppression is { } overlap && !(overlap is >= 0 and <= 1)) throw new ArgumentException($"The overlap of {overlap} is out of range: it is between 0 and 1.");
        if (MaxTokens < 1) throw new ArgumentException($"The longest answer must have at least 1 token, not {MaxTokens}.");
    }
}
