using PaliGguf.Evaluation.Metrics.Objects;

namespace PaliGguf.Evaluation.Scoring;

/// <summary>COCO's twelve numbers by their names in tables.</summary>
internal static class PrecisionValues
{
    /// <summary>Those that there are: without objects of a size there is no value for it.</summary>
    public static IEnumerable<MetricValue> Of(string name, PrecisionSample sample)
    {
        string[] names =
        [
            name, $"{name} at 0.5", $"{name} at 0.75", $"{name}, small", $"{name}, medium", $"{name}, large",
            "recall of 1", "recall of 10", "recall of 100", "recall, small", "recall, medium", "recall, large",
        ];
        foreach ((string each, PrecisionMeasure measure) in names.Zip(PrecisionMeasure.All))
        {
            if (sample.Value(measure) is { } value) yield return new MetricValue(each, value) { Resampled = new ResampledPrecision(sample, measure) };
        }
    }
}
