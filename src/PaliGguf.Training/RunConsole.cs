using System.Diagnostics;
using System.Globalization;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Runtime;

namespace PaliGguf.Training;

/// <summary>Tells of a run on standard error: a line now and then, not one a step.</summary>
/// <param name="output">Where lines go.</param>
internal sealed class RunConsole(TextWriter output) : IRunObserver
{
    private const int MostBroken = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next;
    private long _first, _steps, _peakAnonymous;
    private double _sum;
    private int _count;
    private double _seconds;
    private long _stepCount;

    /// <summary>The rows that were left out.</summary>
    public int BrokenRows { get; private set; }

    /// <inheritdoc/>
    public void Begin(RunStart start)
    {
        (_first, _steps) = (start.Step, start.Steps);
        _clock.Restart();
        _next = Pause;
        string after = start.Step > 0 ? $"; going on after step {start.Step}" : "";
        Line($"{start.Examples} examples, {start.Steps} steps, {start.Parameters:N0} parameters{after}");
        if (BrokenRows > 0) Line($"{BrokenRows} rows are left out");
    }

    /// <inheritdoc/>
    public void Step(StepReport report)
    {
        (_sum, _count, _seconds, _stepCount) = (_sum + report.Loss, _count + 1, _seconds + report.Seconds, _stepCount + 1);
        _peakAnonymous = Math.Max(_peakAnonymous, ProcessMemory.Now().Anonymous);
        if (_clock.Elapsed < _next && report.Step != _steps && report.Step != _first + 1) return;
        double each = _seconds / _stepCount;
        TimeSpan left = TimeSpan.FromSeconds(each * (_steps - report.Step));
        string rest = report.Step < _steps ? $"  {Describe(left)} left" : "";
        Line(Text($"step {report.Step}/{_steps}  loss {_sum / _count:F4}  rate {report.Rate:G3}  {each:F2} s a step{rest}"));
        (_sum, _count) = (0, 0);
        _next = _clock.Elapsed + Pause;
    }

    /// <inheritdoc/>
    public void Validating(int done, int examples)
    {
        if (_clock.Elapsed < _next) return;
        Line($"validation: {done} of {examples} examples");
        _next = _clock.Elapsed + Pause;
    }

    /// <inheritdoc/>
    public void Validated(ValidationReport report, bool isBest)
    {
        Line(Text($"step {report.Step}/{_steps}  validation loss {report.Loss:F4}") + (isBest ? ", the best so far" : ""));
        foreach (ShownAnswer shown in report.Answers) Line($"  {shown.Image}: {shown.Answer}");
    }

    /// <inheritdoc/>
    public void Saved(long step)
    {
    }

    /// <inheritdoc/>
    public void Broken(string problem)
    {
        BrokenRows++;
        if (BrokenRows <= MostBroken) Line($"left out: {problem}");
        else if (BrokenRows == MostBroken + 1) Line("further rows that are left out are only counted");
    }

    /// <summary>Tells of memory and of the best weights when all is written.</summary>
    public void End(RunState state)
    {
        ProcessMemory memory = ProcessMemory.Now();
        double anonymous = Math.Max(_peakAnonymous, memory.Anonymous);
        if (memory.Peak > 0) Line(Text($"peak memory {memory.Peak / 1e9:F2} GB, of it in no file {anonymous / 1e9:F2} GB"));
        if (state.BestLoss is { } best) Line(Text($"the weights of step {state.BestStep}, validation loss {best:F4}"));
    }

    /// <summary>Writes a line.</summary>
    public void Line(string text) => output.WriteLine(string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)));

    private static string Describe(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => Text($"{time.TotalHours:F1} h"),
        { TotalMinutes: >= 2 } => Text($"{time.TotalMinutes:F0} min"),
        _ => Text($"{time.TotalSeconds:F0} s"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
