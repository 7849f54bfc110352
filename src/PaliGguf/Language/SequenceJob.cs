namespace PaliGguf.Language;

/// <summary>
/// One request inside the decode loop: a prefix, and one or more sequences that continue it. Used by one thread at a time. What it throws
/// while it takes in logits is its own failure; the other requests go on.
/// </summary>
internal abstract class SequenceJob(PrefixContent prefix, CancellationToken cancellation)
{
    private Exception? _failure;

    public PrefixContent Prefix { get; } = prefix;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>The adapters that prefix and suffixes are decoded with.</summary>
    public AdapterSet Adapters { get; init; } = AdapterSet.None;

    /// <summary>How many sequences it runs side by side at most: the one that takes the prefix, and branches of it.</summary>
    public virtual int Sequences => 1;

    public abstract Task Completion { get; }

    /// <summary>What the library took for its prefix and its steps; those that it shared with others count in full.</summary>
    public TimeSpan NativeTime { get; set; }

    /// <summary>True once nothing more is to be decoded.</summary>
    public bool Ended => _failure is not null || HasEnded;

    protected abstract bool HasEnded { get; }

    /// <summary>The prefix is decoded in the first of the sequences; the others are empty.</summary>
    public void PrefixDecoded(SequenceSet sequences, TimeSpan time, ReadOnlySpan<float> logits)
    {
        try
        {
            Start(sequences, time, new TokenDistribution(logits));
        }
        catch (Exception failure)
        {
            _failure = failure;
        }
    }

    /// <summary>Writes the tokens to be decoded next, one per running sequence.</summary>
    /// <returns>How many; at least one unless it has ended.</returns>
    public abstract int Next(Span<SequenceToken> tokens);

    /// <summary>The tokens of the last <see cref="Next"/> are decoded.</summary>
    public void TokensDecoded(BatchLogits logits)
    {
        try
        {
            Continue(logits);
        }
        catch (Exception failure)
        {
            _failure = failure;
        }
    }

    /// <summary>Ends it as cancelled, wherever it is; <see cref="Complete"/> comes next.</summary>
    public abstract void Cancel();

    /// <summary>Completes <see cref="Completion"/>.</summary>
    public void Complete()
    {
        if (_failure is null) Succeed();
        else Fail(_failure);
    }

    /// <summary>Completes <see cref="Completion"/> with a failure.</summary>
    public abstract void Fail(Exception failure);

    protected abstract void Start(SequenceSet sequences, TimeSpan time, TokenDistribution distribution);

    protected abstract void Continue(BatchLogits logits);

    protected abstract void Succeed();
}
