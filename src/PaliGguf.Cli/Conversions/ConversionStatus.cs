using System.Diagnostics;
using PaliGguf.Cli.Terminals;
using PaliGguf.Conversion;

namespace PaliGguf.Cli.Conversions;

/// <summary>Tells how far a conversion has come: the file, the speed, the time left.</summary>
internal sealed class ConversionStatus(SlowStatus status) : IProgress<ConversionProgress>
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private long _writingSince;
    private long _last;

    public void Report(ConversionProgress value)
    {
        bool writing = value.Phase is ConversionPhase.WritingText or ConversionPhase.WritingVision;
        if (writing && _writingSince == 0) _writingSince = Stopwatch.GetTimestamp();
        // Every piece of a tensor is reported; nobody reads that fast.
        if (writing && _last != 0 && Stopwatch.GetElapsedTime(_last) < Period) return;
        _last = Stopwatch.GetTimestamp();
        status.Report(
            writing ? Describe(value, Stopwatch.GetElapsedTime(_writingSince)) : $"checking {value.File}",
            value.BytesTotal > 0 ? (double)value.BytesDone / value.BytesTotal : 0);
    }

    private static string Describe(ConversionProgress value, TimeSpan elapsed)
    {
        string done = $"writing {value.File}: {Quantity.Bytes(value.BytesDone)} of {Quantity.Bytes(value.BytesTotal)}";
        if (elapsed < Period || value.BytesDone == 0) return done;
        double speed = value.BytesDone / elapsed.TotalSeconds;
        return $"{done}, {Quantity.Bytes(speed)}/s, {Quantity.Time(TimeSpan.FromSeconds((value.BytesTotal - value.BytesDone) / speed))} left";
    }
}
