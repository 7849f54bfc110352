namespace PaliGguf.Evaluation.Metrics.Captions;

/// <summary>What a corpus of captions scores.</summary>
/// <param name="Score">The mean over the pictures.</param>
/// <param name="PerPicture">Each picture's score, in the order given.</param>
public sealed record CaptionScore(double Score, IReadOnlyList<double> PerPicture)
{
    internal static CaptionScore Of(double[] scores) => new(scores.Sum() / scores.Length, scores);
}
