using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

/// <summary>Runs in a decode loop beside other requests: a prefix, and then the same token at each step.</summary>
internal abstract class RepeatedToken(PrefixContent prefix, int steps) : SequenceJob(prefix, CancellationToken.None)
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _sequence;
    private int _step;

    public override Task Completion => _completion.Task;

    protected override bool HasEnded => _step == steps;

    public override int Next(Span<SequenceToken> tokens)
    {
        tokens[0] = new SequenceToken(2, Prefix.Rows + _step, _sequence);
        return 1;
    }

    public override void Cancel() => _completion.TrySetCanceled();

    public override void Fail(Exception failure) => _completion.TrySetException(failure);

    protected override void Start(SequenceSet sequences, TimeSpan time, TokenDistribution distribution) => _sequence = sequences[0];

    protected sealed override void Continue(BatchLogits logits) => Decoded(_step++);

    protected override void Succeed() => _completion.TrySetResult();

    /// <summary>The token of a step is decoded.</summary>
    /// <param name="step">Which one, from 0.</param>
    protected abstract void Decoded(int step);
}
