using PaliGguf.Evaluation.Metrics.NGrams;

namespace PaliGguf.Evaluation.Metrics.Meteor;

/// <summary>METEOR 1.5 of a prediction with its best reference.</summary>
/// <param name="Score">0 to 1; 1 for equal texts.</param>
/// <param name="Precision">Weighted matches by the weighted length of the prediction; NaN where that is empty.</param>
/// <param name="Recall">Likewise of the reference.</param>
/// <param name="Mean">The weighted harmonic mean of both.</param>
/// <param name="Penalty">What scattered matches take off the mean, 0 to 0.6; NaN where nothing matches.</param>
/// <param name="Chunks">The runs of matches that are adjacent in both.</param>
public readonly record struct Meteor15Score(double Score, double Precision, double Recall, double Mean, double Penalty, int Chunks);

/// <summary>
/// METEOR 1.5 for English without its table of paraphrases (the stages exact, stem and synonym), so that values are not COCO's. Of several
/// references the best counts.
/// </summary>
/// <remarks>
/// Denkowski and Lavie, "Meteor Universal: Language Specific Translation Evaluation for Any Target Language", 2014, with its parameters for
/// ranking: alpha 0.85, beta 0.2, gamma 0.6, delta 0.75, and the weights 1, 0.6 and 0.8 of the stages. A function word counts 1 - delta,
/// another one delta. With P and R of these sums, c chunks and m matches on average of both sides: Fmean = 1 / ((1 - alpha) / P + alpha / R),
/// penalty = gamma (c / m)^beta, or 0 where all words match in one chunk, and the score is Fmean (1 - penalty).
/// </remarks>
public sealed class Meteor15
{
    private const double Alpha = 0.85, Beta = 0.2, Gamma = 0.6, Delta = 0.75;

    // The search takes the third power of it.
    private const int LongestText = 512;

    private static readonly double[] Weights = [1, 0.6, 0.8];
    private readonly MeteorResources _resources;

    /// <summary>Takes function words and synonyms.</summary>
    /// <param name="resources">The data that METEOR 1.5 comes with.</param>
    public Meteor15(MeteorResources resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        _resources = resources;
    }

    /// <summary>Scores each prediction.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="references">For each at least one reference.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="ArgumentException">The lists differ in length or are empty, or a prediction has no
    /// reference, or a text more than 512 words.</exception>
    public IReadOnlyList<Meteor15Score> ScoreEach(
        IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> references, CancellationToken cancellationToken = default)
    {
        Segments.Check(predictions, references);
        return InParallel.Select(
            predictions.Count,
            i => references[i].Select(reference => Score(predictions[i], reference)).MaxBy(score => score.Score),
            cancellationToken);
    }

    private Meteor15Score Score(string prediction, string reference)
    {
        IReadOnlyList<string> first = MeteorNormalization.Words(prediction, _resources);
        IReadOnlyList<string> second = MeteorNormalization.Words(reference, _resources);
        if (Math.Max(first.Count, second.Count) is > LongestText and var words)
        {
            throw new ArgumentException($"A text has {words} words; METEOR 1.5 takes {LongestText}.", nameof(prediction));
        }

        MeteorMatch?[] matches = MeteorSearch.Best(Matches(first, second), first.Count);
        double matched = 0;
        double matchedOfReference = 0;
        int count = 0;
        int chunks = 0;
        int end = -1;
        for (int i = 0; i < matches.Length; i++)
        {
            if (matches[i] is { } match)
            {
                matched += Weights[(int)match.Kind] * Weight(first[match.Prediction]);
                matchedOfReference += Weights[(int)match.Kind] * Weight(second[i]);
                count++;
                if (match.Prediction != end) chunks++;
                end = match.Prediction + 1;
            }
            else
            {
                end = -1;
            }
        }

        double precision = matched / first.Sum(Weight);
        double recall = matchedOfReference / second.Sum(Weight);
        double mean = 1 / (((1 - Alpha) / precision) + (Alpha / recall));
        bool isWhole = count == first.Count && count == second.Count && chunks == 1;
        double penalty = isWhole ? 0 : Gamma * Math.Pow((double)chunks / count, Beta);
        double score = mean * (1 - penalty);
        return new Meteor15Score(double.IsNaN(score) ? 0 : Math.Max(score, 0), precision, recall, mean, penalty, chunks);
    }

    private double Weight(string word) => _resources.IsFunctionWord(word) ? 1 - Delta : Delta;

    private List<MeteorMatch>[] Matches(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        bool isSame = first.SequenceEqual(second);
        string[] stems = [.. first.Select(EnglishStemmer.Stem)];
        HashSet<int>[] sets = [.. first.Select(_resources.SetsOf)];
        return [.. second.Select(word =>
        {
            List<MeteorMatch> matches = [];
            Add(MeteorMatchKind.Equal, i => first[i] == word);
            if (isSame) return matches;
            string stem = EnglishStemmer.Stem(word);
            HashSet<int> own = _resources.SetsOf(word);
            Add(MeteorMatchKind.Stem, i => first[i] != word && stems[i] == stem);
            Add(MeteorMatchKind.Synonym, i => first[i] != word && own.Overlaps(sets[i]));
            return matches;

            void Add(MeteorMatchKind kind, Func<int, bool> fits) =>
                matches.AddRange(Enumerable.Range(0, first.Count).Where(fits).Select(i => new MeteorMatch(i, kind)));
        })];
    }
}
