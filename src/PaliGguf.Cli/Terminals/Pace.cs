using System.Diagnostics;

namespace PaliGguf.Cli.Terminals;

/// <summary>
/// How far something has come, how fast it goes, and how long it will take at that speed. What was done before the first time it is told
/// does not count for the speed.
/// </summary>
internal sealed class Pace
{
    private static readonly TimeSpan TooSoon = TimeSpan.FromMilliseconds(100);
    private long _since;
    private long _before;

    /// <summary>"1.2 GB of 6.1 GB, 35 MB/s, 2 min 20 s left".</summary>
    public string Describe(long done, long total)
    {
        if (_since == 0) (_since, _before) = (Stopwatch.GetTimestamp(), done);
        string text = $"{Quantity.Bytes(done)} of {Quantity.Bytes(total)}";
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_since);
        if (elapsed < TooSoon || done == _before) return text;
        double speed = (done - _before) / elapsed.TotalSeconds;
        return $"{text}, {Quantity.Bytes(speed)}/s, {Quantity.Time(TimeSpan.FromSeconds((total - done) / speed))} left";
    }
}
