namespace PaliGguf.Evaluation.Metrics.Meteor;

/// <summary>METEOR of predictions.</summary>
/// <param name="Score">The mean over the predictions.</param>
/// <param name="PerPrediction">Each prediction's score with its best reference, in the order given.</param>
/// <param name="Pairs">For each prediction how it compares with each of its references.</param>
public sealed record MeteorScore(double Score, IReadOnlyList<double> PerPrediction, IReadOnlyList<IReadOnlyList<MeteorPair>> Pairs);

/// <summary>A prediction and a reference.</summary>
/// <param name="Score">0 where nothing matches.</param>
/// <param name="Matches">The places of the words that match, in the order of the prediction.</param>
/// <param name="Chunks">The runs of matches that are adjacent in both; 0 without a match.</param>
public sealed record MeteorPair(double Score, IReadOnlyList<(int Prediction, int Reference)> Matches, int Chunks);

/// <summary>The settings of <see cref="NltkMeteor"/>.</summary>
public sealed record MeteorOptions
{
    /// <summary>The weight of precision against recall, 0 to 1.</summary>
    public double Alpha { get; init; } = 0.9;

    /// <summary>The shape of the penalty for scattered matches.</summary>
    public double Beta { get; init; } = 3;

    /// <summary>The size of the penalty for scattered matches, 0 to 1.</summary>
    public double Gamma { get; init; } = 0.5;

    /// <summary>Synonyms; without them a few scores are lower than the original's, which always has them.</summary>
    public WordNet? WordNet { get; init; }
}
