using System.Threading.Channels;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

/// <summary>Runs in a decode loop beside other requests, and notes after each step what the loop's thread has allocated by then.</summary>
internal sealed class AllocationMeter(PrefixContent prefix, int steps, ChannelReader<GeneratedToken> others) : SequenceJob(prefix, CancellationToken.None)
{
    private readonly TaskCompletionSource<long[]> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long[] _allocated = new long[steps];
    private int _sequence;
    private int _step;

    /// <summary>The bytes by each step.</summary>
    public override Task<long[]> Completion => _completion.Task;

    protected override bool HasEnded => _step == steps;

    public override int Next(Span<SequenceToken> tokens)
    {
        tokens[0] = new SequenceToken(2, Prefix.Rows + _step, _sequence);
        return 1;
    }

    public override void Cancel() => _completion.TrySetCanceled();

    public override void Fail(Exception failure) => _completion.TrySetException(failure);

    protected override void Start(SequenceSet sequences, TimeSpan time, TokenDistribution distribution) => _sequence = sequences[0];

    protected override void Continue(BatchLogits logits)
    {
        // As a reader that keeps up does: what nobody takes has to be kept.
        while (others.TryRead(out _))
        {
        }

        _allocated[_step++] = GC.GetAllocatedBytesForCurrentThread();
    }

    protected override void Succeed() => _completion.TrySetResult(_allocated);
}
