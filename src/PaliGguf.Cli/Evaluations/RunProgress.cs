using System.Diagnostics;
using System.Globalization;
using PaliGguf.Cli.Terminals;

namespace PaliGguf.Cli.Evaluations;

/// <summary>Tells how far a run has come, how fast it is, and when it will end.</summary>
/// <param name="status">Where it is shown.</param>
/// <param name="before">How many items earlier runs have answered.</param>
/// <param name="all">How many there are; null while that is not known.</param>
internal sealed class RunProgress(SlowStatus status, long before, Func<long?> all)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _done;

    /// <summary>One more item has an answer, or has failed.</summary>
    /// <param name="failed">How many of this run have failed.</param>
    public void Step(long failed = 0)
    {
        _done++;
        double rate = _done / Stopwatch.GetElapsedTime(_start).TotalSeconds;
        long count = before + _done;
        string failures = failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {failed} failed") : "";
        if (all() is not { } known || known < count)
        {
            status.Report(string.Create(CultureInfo.InvariantCulture, $"answering: {count}, {rate:0.0} a second{failures}"), 0);
            return;
        }

        string left = Quantity.Time(TimeSpan.FromSeconds(Math.Min((known - count) / rate, TimeSpan.MaxValue.TotalSeconds / 2)));
        status.Report(string.Create(
            CultureInfo.InvariantCulture, $"answering: {count} of {known}, {rate:0.0} a second, {left} left{failures}"),
            (double)count / known);
    }
}
