using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Scoring;

namespace PaliGguf.Evaluation.Reports;

/// <summary>Values for which every resample is scored again.</summary>
/// <param name="values">The values: metric and name.</param>
/// <param name="run">The answers of the run.</param>
/// <param name="other">Those of the other one, of the same items; null without one.</param>
/// <param name="options">What the metrics need besides.</param>
/// <param name="cancellationToken">Ends the scoring early.</param>
internal sealed class RescoredAnswers(
    (string Metric, string Name)[] values, AnswerSheet run, AnswerSheet? other, MetricOptions options,
    CancellationToken cancellationToken) : IResampledScores
{
    public double[] OfResample(int[] counts)
    {
        int[] places = [.. counts.Index().SelectMany(pair => Enumerable.Repeat(pair.Index, pair.Item))];
        return other is null ? Score(run.Take(places)) : [.. Score(run.Take(places)), .. Score(other.Take(places))];
    }

    public double[] DifferencesOf(bool[] swapped) =>
        [.. Score(Mixed(run, other!, swapped)).Zip(Score(Mixed(other!, run, swapped)), (ours, theirs) => ours - theirs)];

    private double[] Score(AnswerSheet sheet)
    {
        Dictionary<(string, string), double> scores = [];
        foreach (string metric in values.Select(value => value.Metric).Distinct(StringComparer.Ordinal))
        {
            foreach (MetricValue value in AnswerMetrics.Score(metric, sheet, options, cancellationToken))
            {
                scores[(metric, value.Name)] = value.Value;
            }
        }

        return [.. values.Select(value => scores.GetValueOrDefault(value, double.NaN))];
    }

    private static AnswerSheet Mixed(AnswerSheet ours, AnswerSheet theirs, bool[] swapped)
    {
        Dictionary<string, GivenAnswer> answers = new(StringComparer.Ordinal);
        foreach ((int i, ExpectedAnswer expected) in ours.Expected.Index()) answers[expected.Id] = (swapped[i] ? theirs : ours).Given[i];
        return AnswerSheet.Create(answers, ours.Expected);
    }
}
