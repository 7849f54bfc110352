namespace PaliGguf.Evaluation.Reports;

/// <summary>Some values of metrics, of resamples of the answers of one run, or of two over the same items.</summary>
internal interface IResampledScores
{
    /// <summary>The values of a resample, of the run and then of the other one, if there is one; NaN where there is none.</summary>
    /// <param name="counts">How often it holds each item.</param>
    double[] OfResample(int[] counts);

    /// <summary>The differences of the values, the run's minus the other's, where the two have swapped some answers.</summary>
    double[] DifferencesOf(bool[] swapped);
}
