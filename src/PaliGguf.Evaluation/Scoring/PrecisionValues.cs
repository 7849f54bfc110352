using PaliGguf.Evaluation.Metrics.Objects;

namespace PaliGguf.Evaluation.Scoring;

/// <summary>COCO's twelve numbers by their names in tables.</summary>
internal static class PrecisionValues
{
    /// <summary>Those that there are: without objects of a size there is no value for it.</summary>
    public static IEnumerable<MetricValue> Of(string name, AveragePrecisionScore score)
    {
        (string Name, double? Value)[] all =
        [
            (name, score.Precision), ($"{name} at 0.5", score.Precision50), ($"{name} at 0.75", score.Precision75),
            ($"{name}, small", score.PrecisionOfSmall), ($"{name}, medium", score.PrecisionOfMedium), ($"{name}, large", score.PrecisionOfLarge),
            ("recall of 1", score.Recall1), ("recall of 10", score.Recall10), ("recall of 100", score.Recall100),
            ("recall, small", score.RecallOfSmall), ("recall, medium", score.RecallOfMedium), ("recall, large", score.RecallOfLarge),
        ];
        foreach ((string each, double? value) in all)
        {
            if (value is { } number) yield return new MetricValue(each, number);
        }
    }
}
