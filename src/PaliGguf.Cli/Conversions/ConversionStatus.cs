using System.Diagnostics;
using PaliGguf.Cli.Terminals;
using PaliGguf.Conversion;

namespace PaliGguf.Cli.Conversions;

/// <summary>Tells how far a conversion has come: the file, the speed, the time left.</summary>
internal sealed class ConversionStatus(SlowStatus status) : IProgress<ConversionProgress>
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private readonly Pace _pace = new();
    private long _last;

    public void Report(ConversionProgress value)
    {
        bool writing = value.Phase is ConversionPhase.WritingText or ConversionPhase.WritingVision;
        // Every piece of a tensor is reported; nobody reads that fast.
        if (writing && _last != 0 && Stopwatch.GetElapsedTime(_last) < Period) return;
        _last = Stopwatch.GetTimestamp();
        status.Report(
            writing ? $"writing {value.File}: {_pace.Describe(value.BytesDone, value.BytesTotal)}" : $"checking {value.File}",
            value.BytesTotal > 0 ? (double)value.BytesDone / value.BytesTotal : 0);
    }
}
