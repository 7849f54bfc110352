using PaliGguf.Evaluation.Scoring;
using PaliGguf.Evaluation.Statistics;

namespace PaliGguf.Evaluation.Reports;

/// <summary>Scores answers, of one run or of two over the same items, and tells how sure the scores are.</summary>
internal sealed class ScoreComparison
{
    private readonly AnswerSheet _run;
    private readonly AnswerSheet? _other;
    private readonly MetricOptions _metrics;
    private readonly ReportOptions _options;
    private readonly Scored[] _values;

    /// <param name="names">The metrics.</param>
    /// <param name="run">The answers of the run.</param>
    /// <param name="other">Those of the other one, of the same items in the same order; null without one.</param>
    /// <param name="metrics">What the metrics need besides.</param>
    /// <param name="options">How many resamples, and which.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="PaliException">A metric does not go with these answers.</exception>
    public ScoreComparison(
        IReadOnlyList<string> names, AnswerSheet run, AnswerSheet? other, MetricOptions metrics, ReportOptions options,
        CancellationToken cancellationToken)
    {
        (_run, _other, _metrics, _options) = (run, other, metrics, options);
        _values = [.. names.SelectMany(name => Pair(
            name, AnswerMetrics.Score(name, run, metrics, cancellationToken),
            other is null ? null : AnswerMetrics.Score(name, other, metrics, cancellationToken)))];
    }

    /// <summary>What each answer adds to the first value that is a mean: of the run, and of the other one.</summary>
    public (string Name, IReadOnlyList<double?> Run, IReadOnlyList<double?>? Other)? FirstMean => _values
        .Where(value => value.Run.Each is not null && (_other is null || value.Other?.Each is not null))
        .Select(value => ((string, IReadOnlyList<double?>, IReadOnlyList<double?>?)?)(value.Run.Name, value.Run.Each!, value.Other?.Each))
        .FirstOrDefault();

    /// <summary>The values with their intervals and tests.</summary>
    public ReportedValue[] Values(CancellationToken cancellationToken)
    {
        ReportedValue[] reported = [.. _values.Select(Plain)];

        // A value that the other run lacks is not compared, and not resampled.
        ILookup<bool, int> places = _values.Index().Where(pair => _other is null || pair.Item.Other is not null)
            .ToLookup(pair => pair.Item.Run.Sums is not null, pair => pair.Index);
        Fill(_options.Resamples, [.. places[true]], chosen => new SummedScores(
            [.. chosen.Select(value => value.Run.Sums!)], [.. chosen.Select(value => value.Other?.Sums).OfType<ScoreSums>()]));
        Fill(_options.ScoredResamples, [.. places[false]], chosen => new RescoredAnswers(
            [.. chosen.Select(value => (value.Metric, value.Run.Name))], _run, _other, _metrics, cancellationToken));
        return reported;

        void Fill(int rounds, int[] chosen, Func<Scored[], IResampledScores> scores)
        {
            if (chosen.Length == 0 || rounds == 0) return;
            Scored[] values = [.. chosen.Select(place => _values[place])];
            ReportedValue[] sure = [.. Sure([.. chosen.Select(place => reported[place])], scores(values), rounds, cancellationToken)];
            foreach ((int place, ReportedValue value) in chosen.Zip(sure)) reported[place] = value;
        }
    }

    private IEnumerable<ReportedValue> Sure(
        ReportedValue[] values, IResampledScores scores, int rounds, CancellationToken cancellationToken)
    {
        int answers = _run.Expected.Count;
        IReadOnlyList<double[]> resamples = Bootstrap.Scores(answers, rounds, _options.Seed, scores.OfResample, cancellationToken);
        if (_other is null) return values.Select((value, i) => value with { Interval = Of(each => each[i]) });
        double[] differences = [.. values.Select(value => value.Against!.Difference)];
        IReadOnlyList<double> probabilities =
            RandomizationTest.Probabilities(differences, answers, rounds, _options.Seed, scores.DifferencesOf, cancellationToken);
        return values.Select((value, i) => value with
        {
            Interval = Of(each => each[i]),
            Against = value.Against! with
            {
                Interval = Of(each => each[values.Length + i]),
                DifferenceInterval = Of(each => each[i] - each[values.Length + i]),
                P = probabilities[i],
            },
        });

        Interval? Of(Func<double[], double> value) => Interval.OfPercentiles(resamples.Select(value), _options.Level);
    }

    private static ReportedValue Plain(Scored scored) => new(scored.Metric, scored.Run.Name, scored.Run.Value, Interval: null)
    {
        Against = scored.Other is { } other
            ? new ValueComparison(other.Value, Interval: null, scored.Run.Value - other.Value, DifferenceInterval: null, double.NaN)
            : null,
    };

    private static IEnumerable<Scored> Pair(string metric, IReadOnlyList<MetricValue> run, IReadOnlyList<MetricValue>? other) =>
        run.Select(value => new Scored(metric, value, other?.FirstOrDefault(each => each.Name == value.Name)));

    private sealed record Scored(string Metric, MetricValue Run, MetricValue? Other);
}
