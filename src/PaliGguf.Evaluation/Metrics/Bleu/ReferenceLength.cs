using PaliGguf.Evaluation.Metrics.NGrams;

namespace PaliGguf.Evaluation.Metrics.Bleu;

/// <summary>Which reference's length a prediction's is compared with.</summary>
internal static class ReferenceLength
{
    /// <summary>The closest to the prediction's, of two equally close ones the shorter.</summary>
    public static int Closest(TokenSegment segment)
    {
        int length = segment.Prediction.Length;
        return segment.References.Select(reference => reference.Length).MinBy(reference => (Math.Abs(reference - length), reference));
    }

    /// <summary>The shortest.</summary>
    public static int Shortest(TokenSegment segment) => segment.References.Min(reference => reference.Length);
}
