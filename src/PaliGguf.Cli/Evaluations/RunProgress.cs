using System.Diagnostics;
using System.Globalization;
using PaliGguf.Cli.Terminals;

namespace PaliGguf.Cli.Evaluations;

/// <summary>Tells how far a run has come, how fast it is, and when it will end.</summary>
/// <param name="status">Where it is shown.</param>
/// <param name="before">How many items earlier runs have answered.</param>
/// <param name="all">How many there are.</param>
internal sealed class RunProgress(SlowStatus status, int before, int all)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _done;

    /// <summary>One more item has an answer, or has failed.</summary>
    public void Step()
    {
        _done++;
        double rate = _done / Stopwatch.GetElapsedTime(_start).TotalSeconds;
        int count = before + _done;
        string left = Quantity.Time(TimeSpan.FromSeconds((all - count) / rate));
        string text = string.Create(CultureInfo.InvariantCulture, $"answering: {count} of {all}, {rate:0.0} a second, {left} left");
        status.Report(text, (double)count / all);
    }
}
