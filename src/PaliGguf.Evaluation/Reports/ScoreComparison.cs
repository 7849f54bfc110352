using PaliGguf.Evaluation.Scoring;
using PaliGguf.Evaluation.Statistics;

namespace PaliGguf.Evaluation.Reports;

/// <summary>Scores answers, of one run or of two over the same items, and tells how sure the scores are.</summary>
internal sealed class ScoreComparison
{
    private readonly int _answers;
    private readonly bool _isCompared;
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
        (_answers, _isCompared, _options) = (run.Expected.Count, other is not null, options);
        _values = [.. names.SelectMany(name => Pair(
            name, AnswerMetrics.Score(name, run, metrics, cancellationToken),
            other is null ? null : AnswerMetrics.Score(name, other, metrics, cancellationToken)))];
    }

    /// <summary>What each answer adds to the first value that is a mean: of the run, and of the other one.</summary>
    public (string Name, IReadOnlyList<double?> Run, IReadOnlyList<double?>? Other)? FirstMean => _values
        .Where(value => value.Run.Each is not null && (!_isCompared || value.Other?.Each is not null))
        .Select(value => ((string, IReadOnlyList<double?>, IReadOnlyList<double?>?)?)(value.Run.Name, value.Run.Each!, value.Other?.Each))
        .FirstOrDefault();

    /// <summary>The values with their intervals and tests.</summary>
    public ReportedValue[] Values(CancellationToken cancellationToken)
    {
        ReportedValue[] reported = [.. _values.Select(Plain)];

        // A value that the other run lacks is not compared, and not resampled.
        int[] known = [.. _values.Index()
            .Where(pair => pair.Item.Run.Resampled is not null && (!_isCompared || pair.Item.Other?.Resampled is not null))
            .Select(pair => pair.Index)];
        if (known.Length == 0 || _options.Resamples == 0) return reported;
        ReportedValue[] sure = [.. Sure(known, [.. known.Select(place => reported[place])], cancellationToken)];
        foreach ((int place, ReportedValue value) in known.Zip(sure)) reported[place] = value;
        return reported;
    }

    private IEnumerable<ReportedValue> Sure(int[] places, ReportedValue[] values, CancellationToken cancellationToken)
    {
        (int rounds, int seed) = (_options.Resamples, _options.Seed);
        IResampledScore[] run = [.. places.Select(place => _values[place].Run.Resampled!)];
        IResampledScore[] other = _isCompared ? [.. places.Select(place => _values[place].Other!.Resampled!)] : [];
        IReadOnlyList<double[]> resamples = Bootstrap.Scores(
            _answers, rounds, seed, counts => [.. run.Concat(other).Select(score => score.Of(counts))], cancellationToken);
        if (!_isCompared) return values.Select((value, i) => value with { Interval = Of(each => each[i]) });
        double[] differences = [.. values.Select(value => value.Against!.Difference)];
        IReadOnlyList<double> probabilities =
            RandomizationTest.Probabilities(differences, _answers, rounds, seed, Differences, cancellationToken);
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

        double[] Differences(bool[] swapped) =>
            [.. run.Zip(other, (ours, theirs) => ours.Of(theirs, swapped) - theirs.Of(ours, swapped))];

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
