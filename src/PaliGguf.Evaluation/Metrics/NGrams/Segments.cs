namespace PaliGguf.Evaluation.Metrics.NGrams;

/// <summary>What every metric asks of predictions and references.</summary>
internal static class Segments
{
    /// <summary>Refuses lists that do not belong together.</summary>
    /// <exception cref="ArgumentException">They are empty, of different length, one is null, or a prediction has no reference.</exception>
    public static void Check<TPrediction, TReference>(
        IReadOnlyList<TPrediction> predictions, IReadOnlyList<IReadOnlyList<TReference>> references)
        where TReference : class
    {
        CheckPairs(predictions, references);
        for (int i = 0; i < references.Count; i++)
        {
            if (references[i].Count == 0) throw new ArgumentException($"Prediction {i} has no reference.", nameof(references));
            if (references[i].Any(reference => reference is null))
            {
                throw new ArgumentException($"A reference of prediction {i} is null.", nameof(references));
            }
        }
    }

    /// <summary>Refuses lists that do not belong together.</summary>
    /// <exception cref="ArgumentException">They are empty, of different length, or one is null.</exception>
    public static void CheckPairs<TPrediction, TReference>(IReadOnlyList<TPrediction> predictions, IReadOnlyList<TReference> references)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(references);
        if (predictions.Count == 0) throw new ArgumentException("There is no prediction to score.", nameof(predictions));
        if (predictions.Count != references.Count)
        {
            throw new ArgumentException(
                $"There are {predictions.Count} predictions but references for {references.Count}.", nameof(references));
        }

        for (int i = 0; i < predictions.Count; i++)
        {
            if (predictions[i] is null) throw new ArgumentException($"Prediction {i} is null.", nameof(predictions));
            if (references[i] is null) throw new ArgumentException($"The reference of prediction {i} is null.", nameof(references));
        }
    }
}
