using System.Threading.Channels;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

/// <summary>Runs in a decode loop beside other requests, and notes after each step what the loop's thread has allocated by then.</summary>
internal sealed class AllocationMeter(PrefixContent prefix, int steps, ChannelReader<GeneratedToken> others) : RepeatedToken(prefix, steps)
{
    private readonly long[] _allocated = new long[steps];

    /// <summary>The bytes by each step, once it is completed.</summary>
    public IReadOnlyList<long> Allocated => _allocated;

    protected override void Decoded(int step)
    {
        // As a reader that keeps up does: what nobody takes has to be kept.
        while (others.TryRead(out _))
        {
        }

        _allocated[step] = GC.GetAllocatedBytesForCurrentThread();
    }
}
