using System.Globalization;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Evaluation.Comparison;
using PaliGguf.Evaluation.Samples;
using Spectre.Console;

namespace PaliGguf.Cli.Evaluations;

/// <summary>Compares two models and prints how close one comes to the other.</summary>
internal sealed class ComparisonTask(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    /// <param name="reference">The model to measure by, and its vision file if it is not beside it.</param>
    /// <param name="candidate">The model to be measured, likewise.</param>
    /// <param name="choice">The pictures and prompts.</param>
    /// <param name="cancellationToken">Ends it without a result.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync((string Model, string? Vision) reference, (string Model, string? Vision) candidate, SampleChoice choice, CancellationToken cancellationToken)
    {
        IReadOnlyList<EvaluationSample> samples = choice.Find(settings.Lang, cancellationToken);
        ModelOptions model = loader.Options(images: 1, SampleChoice.TextTokens(samples, settings.MaxTokens)) with { SoftTokenCacheBytes = ModelOptions.OnePicture, Branches = 0 };
        ComparisonOptions options = new()
        {
            Reference = reference.Model,
            ReferenceOptions = model with { VisionPath = reference.Vision },
            Candidate = candidate.Model,
            CandidateOptions = model with { VisionPath = candidate.Vision },
            Samples = samples,
            MaxTokens = settings.MaxTokens,
        };
        ComparisonReport report;
        await using (SlowStatus status = new(terminal, "reading the models"))
        {
            report = await ModelComparison.RunAsync(options, new EvaluationStatus(status), cancellationToken);
        }

        if (settings.Json)
            terminal.WriteJson(ComparisonJson.From(reference.Model, candidate.Model, report), EvaluationsJson.Default.ComparisonJson);
        else Print(report);
        return ExitCode.Success;
    }

    private void Print(ComparisonReport report)
    {
        IAnsiConsole console = terminal.Tables();
        if (settings.Verbose) PrintAnswers(console, report);
        DivergenceSummary divergence = report.Divergence;
        Grid grid = new Grid().AddColumn().AddColumn(new GridColumn { Alignment = Justify.Right }).AddColumn();
        grid.AddRow("KL divergence, mean", Number(divergence.Mean), Text($"nats, over {report.Positions} tokens of {report.Samples.Count} answers"));
        grid.AddRow("KL divergence, median", Number(divergence.Median), "nats");
        grid.AddRow("KL divergence, 99 %", Number(divergence.Percentile99), "nats");
        grid.AddRow("KL divergence, maximum", Number(divergence.Maximum), "nats");
        grid.AddRow("same token", Percent(report.TokenAgreement), "of the tokens");
        grid.AddRow("same answer", Percent(report.AnswerAgreement), "of the answers");
        grid.AddRow("token's probability", Signed(report.MeanProbabilityChange), Text($"on average, {Percent(report.RootMeanSquareProbabilityChange)} root mean square"));
        if (report.BoxOverlap is { } overlap) grid.AddRow("box IoU", Number(overlap), "mean of all boxes");
        console.Write(grid);
    }

    private static void PrintAnswers(IAnsiConsole console, ComparisonReport report)
    {
        foreach (SampleComparison sample in report.Samples.Where(sample => !sample.SameAnswer))
        {
            console.WriteLine(PlainText.Line($"{sample.Picture}, {sample.Prompt}: KL {Number(sample.MeanDivergence)}"));
            console.WriteLine("  reference: " + PlainText.Line(sample.ReferenceAnswer));
            console.WriteLine("  candidate: " + PlainText.Line(sample.CandidateAnswer));
        }
    }

    private static string Number(double value) => Text($"{value:0.00000}");

    private static string Percent(double value) => Text($"{value * 100:0.00} %");

    private static string Signed(double value) => Text($"{value * 100:+0.00;-0.00;0.00} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
