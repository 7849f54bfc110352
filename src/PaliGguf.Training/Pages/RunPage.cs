using System.Globalization;
using System.Text;
using PaliGguf.Evaluation.Reports.Pages;
using PaliGguf.Tasks.Masks;
using PaliGguf.Training.Runs;

namespace PaliGguf.Training.Pages;

/// <summary>
/// The page of a run, <c>report.html</c> in its folder, which is written anew whenever the run is measured or saved. It holds all that it
/// shows and stays small, however long the run is. It may be asked for by another thread than that of the run.
/// </summary>
/// <param name="settings">The run.</param>
internal sealed class RunPage(TrainingSettings settings) : IRunObserver
{
    /// <summary>The page's file in the run's folder.</summary>
    public const string FileName = "report.html";

    private readonly Lock _gate = new();
    private readonly Curve _loss = new(), _validation = new(), _rate = new();
    private IReadOnlyList<ShownExample> _shown = [];
    private RunStart? _start;
    private StepReport? _last;
    private (long Step, double Loss)? _best;
    private int _broken;

    /// <summary>The page as it is now.</summary>
    public string ToHtml()
    {
        lock (_gate) return HtmlPage.Write($"Training: {Path.GetFileName(Path.GetFullPath(settings.Output))}", Write);
    }

    /// <inheritdoc/>
    public void Begin(RunStart start)
    {
        MaskDecoder? masks = start.Shown.Count == 0 ? null : MaskDecoder.Read(settings.Model.Vision);
        ShownExample[] shown = [.. start.Shown.Select(each => new ShownExample(each, masks))];
        lock (_gate)
        {
            (_start, _shown) = (start, shown);
            foreach (object line in MetricsFile.Read(settings.Output))
            {
                if (line is StepReport step) Add(step);
                else if (line is ValidationReport validation) Add(validation);
            }
        }

        Save();
    }

    /// <inheritdoc/>
    public void Step(StepReport report)
    {
        lock (_gate) Add(report);
    }

    /// <inheritdoc/>
    public void Validating(int done, int examples)
    {
    }

    /// <inheritdoc/>
    public void Validated(ValidationReport report, bool isBest)
    {
        lock (_gate) Add(report);
        Save();
    }

    /// <inheritdoc/>
    public void Saved(long step) => Save();

    /// <inheritdoc/>
    public void Broken(string problem)
    {
        lock (_gate) _broken++;
    }

    private void Add(StepReport report)
    {
        _loss.Add(report.Step, report.Loss);
        _rate.Add(report.Step, report.Rate);
        _last = report;
    }

    private void Add(ValidationReport report)
    {
        _validation.Add(report.Step, report.Loss);
        if (report.Step > 0 && !(report.Loss >= _best?.Loss)) _best = (report.Step, report.Loss);
        foreach (ShownAnswer answer in report.Answers) _shown.FirstOrDefault(each => each.IsOf(answer))?.Add(report.Step, answer.Answer);
    }

    private void Save() => PendingFile.Write(Path.Combine(settings.Output, FileName), Encoding.UTF8.GetBytes(ToHtml()));

    private void Write(HtmlWriter html)
    {
        if (_start is null)
        {
            html.Element("p", "model and data are being read", ("class", "soft"));
            return;
        }

        html.Element("p", State(_start));
        html.Element("h2", "Loss");
        html.Element("p", () =>
        {
            html.Element("b", "training", ("class", "run0"));
            if (!_validation.Points.Any()) return;
            html.Text(" and ");
            html.Element("b", "validation", ("class", "run1"));
        });
        CurvePlot.Write(html, _start.Steps, Numbers.Value, ("training", _loss), ("validation", _validation));
        html.Element("h2", "Learning rate");
        CurvePlot.Write(html, _start.Steps, Rate, ("learning rate", _rate));
        if (_shown.Count > 0)
        {
            html.Element("h2", "Validation pictures");
            html.Element("div", () =>
            {
                foreach (ShownExample each in _shown) each.Write(html);
            }, ("class", "cards"));
        }

        html.Element("h2", "Settings");
        html.Element("div", () => Settings(html, _start), ("class", "scroll"));
    }

    private string State(RunStart start)
    {
        string state = _last is null
            ? $"before the first of {start.Steps} steps"
            : $"step {_last.Step} of {start.Steps}: loss {Numbers.Value(_last.Loss)}, {Numbers.Length(_last.Seconds)} s";
        return _best is not { } best ? state
            : $"{state}; the best validation loss is {Numbers.Value(best.Loss)}, after step {best.Step}";
    }

    private void Settings(HtmlWriter html, RunStart start) => html.Element("table", () =>
    {
        Row(html, "model file", Path.GetFileName(settings.Model.Text));
        Row(html, "vision file", Path.GetFileName(settings.Model.Vision));
        Row(html, "data file", Path.GetFileName(Path.TrimEndingDirectorySeparator(settings.Data)));
        Row(html, "examples", Numbers.Count(start.Examples));
        Row(html, "rows left out", Numbers.Count(_broken));
        Row(html, "trained numbers", start.Parameters.ToString(CultureInfo.InvariantCulture));
        foreach ((string name, string value) in RunFacts.Read(settings.Output)) Row(html, name, value);
    });

    private static void Row(HtmlWriter html, string name, string value) => html.Element("tr", () =>
    {
        html.Element("th", name, ("scope", "row"));
        html.Element("td", Text.Short(value, 200));
    });

    private static string Rate(double value) => value.ToString("0.##e0", CultureInfo.InvariantCulture);
}
