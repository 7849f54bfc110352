using System.Text.Json.Serialization;
using PaliGguf.Evaluation.Encoders;
using PaliGguf.Evaluation.Metrics.Bert;
using PaliGguf.Evaluation.Metrics.Meteor;
using PaliGguf.Evaluation.Metrics.Tokenization;
using PaliGguf.Evaluation.Statistics;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Scoring;

/// <summary>A value of a metric.</summary>
/// <param name="Name">What it is called in tables: "BLEU-4".</param>
/// <param name="Value">The value, on the scale of the original.</param>
public sealed record MetricValue(string Name, double Value)
{
    /// <summary>
    /// What each answer scores, in the order of the sheet, where the value is their mean; null for an answer that it does not count, as
    /// one to a question of another type. Null where the value is no mean (BLEU of a corpus, average precision).
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<double?>? Each { get; init; }

    /// <summary>
    /// The value of any resample of the answers, in the order of the sheet: that of <see cref="Each"/> where there is one; null where it is
    /// not known.
    /// </summary>
    [JsonIgnore]
    public IResampledScore? Resampled
    {
        get => field ?? (Each is null ? null : ScoreSums.Mean(Each));
        init;
    }

    /// <summary>A mean over things of which answers have several, or none: the sum of one over the sum of the other.</summary>
    internal static MetricValue Ratio(string name, double[] parts, double[] wholes) => new(name, parts.Sum() / wholes.Sum())
    {
        Resampled = new ScoreSums([parts, wholes], sums => sums[1] == 0 ? double.NaN : sums[0] / sums[1]),
    };

    /// <summary>A mean over all answers.</summary>
    internal static MetricValue Mean(string name, double value, IReadOnlyList<double> each) =>
        new(name, value) { Each = [.. each.Select(score => (double?)score)] };

    /// <summary>The share of answers that are so.</summary>
    internal static MetricValue Share(string name, IReadOnlyList<bool> each) =>
        new(name, (double)each.Count(isOne => isOne) / each.Count) { Each = [.. each.Select(isOne => isOne ? 1.0 : (double?)0)] };

    /// <summary>The mean of means over groups of the answers.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="value">The value.</param>
    /// <param name="each">What each answer scores.</param>
    /// <param name="groups">For each group which answers belong to it; one that a resample has none of does not count.</param>
    internal static MetricValue MeanOfMeans(string name, double value, IReadOnlyList<double> each, IReadOnlyList<Func<int, bool>> groups) =>
        new(name, value)
        {
            Resampled = new ScoreSums(
                [
                    .. groups.Select(belongs => each.Select((score, i) => belongs(i) ? score : 0).ToArray()),
                    .. groups.Select(belongs => each.Select((_, i) => belongs(i) ? 1.0 : 0).ToArray()),
                ],
                sums => sums.Take(groups.Count).Zip(sums.Skip(groups.Count)).Where(group => group.Second > 0)
                    .Select(group => group.First / group.Second).DefaultIfEmpty(double.NaN).Average()),
        };

    /// <summary>A mean over some of the answers.</summary>
    /// <returns>Null where it counts none.</returns>
    internal static MetricValue? Mean(string name, IReadOnlyList<double?> each, Func<int, bool> counts)
    {
        double?[] some = [.. each.Select((score, i) => counts(i) ? score : null)];
        return some.Average() is { } mean ? new MetricValue(name, mean) { Each = some } : null;
    }
}

/// <summary>What metrics need besides answers.</summary>
public sealed record MetricOptions
{
    /// <summary>Splits texts into words where the metric leaves that open: for Thai; null for the original's way.</summary>
    public ITokenizer? Words { get; init; }

    /// <summary>Synonyms for METEOR; null for none.</summary>
    public WordNet? WordNet { get; init; }

    /// <summary>The model's decoder of masks, for metrics that compare them; null for none.</summary>
    public MaskDecoder? Masks { get; init; }

    /// <summary>The model of BERTScore; null for none.</summary>
    public BertOptions? Bert { get; init; }
}

/// <summary>What BERTScore is computed with.</summary>
/// <param name="Path">A GGUF that <see cref="Conversion.BertConverter"/> wrote; loaded while the metric is computed.</param>
/// <param name="WeighRareTokens">Whether rare tokens weigh more.</param>
/// <param name="Baseline">bert_score's file of what unrelated texts score; null for plain values.</param>
public sealed record BertOptions(string Path, bool WeighRareTokens = false, string? Baseline = null)
{
    /// <summary>Makes sure that the files are there and fit each other, without loading the model.</summary>
    /// <exception cref="FileNotFoundException">The model is missing.</exception>
    /// <exception cref="PaliException">A file is another one, or malformed.</exception>
    public void Check()
    {
        int layer = BertEncoder.Check(Path);
        if (Baseline is not null) BertBaseline.Read(Baseline, layer);
    }
}
