using PaliGguf.Evaluation.Reports;
using PaliGguf.Evaluation.Statistics;

namespace PaliGguf.Cli.Evaluations;

/// <summary>A report as --json prints it.</summary>
internal sealed record ReportJson(
    string Task, string Dataset, int Answers, int Failures, string Run, string? Against, IReadOnlyList<string> Differences, double Level,
    int Resamples, int Seed, IReadOnlyList<ReportMetricJson> Metrics)
{
    public static ReportJson From(EvaluationReport report) => new(
        report.Task, report.Dataset, report.Answers, report.Run.Failures, report.Run.Name, report.Against?.Name, report.Differences,
        report.Options.Level, report.Options.Resamples, report.Options.Seed,
        [.. report.Values.GroupBy(value => value.Metric, StringComparer.Ordinal).Select(group => new ReportMetricJson(
            group.Key, [.. group.Select(value => new ReportValueJson(value.Name, value.Value, value.Interval, value.Against))]))]);
}

/// <summary>The values of one metric.</summary>
internal sealed record ReportMetricJson(string Metric, IReadOnlyList<ReportValueJson> Values);

/// <summary>One value.</summary>
internal sealed record ReportValueJson(string Name, double Value, Interval? Interval, ValueComparison? Against);
