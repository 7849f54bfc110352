using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;
using Words = System.Collections.Generic.IReadOnlyList<string>;

namespace PaliGguf.Evaluation.Metrics.Meteor;

/// <summary>
/// METEOR as nltk 3.8 computes it, which Hugging Face <c>evaluate</c> calls. 0 to 1, and never quite 1. It is not METEOR 1.5.
/// </summary>
/// <remarks>
/// Lavie and Agarwal, "METEOR: An Automatic Metric for MT Evaluation", 2007. With m pairs of words, P = m / words of the prediction, R = m
/// / words of the reference, and c runs of pairs that are adjacent in both: F = P R / (alpha P + (1 - alpha) R), and the score is F (1 -
/// gamma (c / m)^beta). Of several references the best counts. Letter case does not matter. Words are paired greedily (equal, equal stems,
/// synonyms of the stems), not with the fewest crossings. Since nltk 3.6.4 synonyms are looked up for stems, so that few are found.
/// </remarks>
public static class NltkMeteor
{
    /// <summary>Scores predictions.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="references">For each at least one reference.</param>
    /// <param name="tokenizer">Splits the texts; null for <see cref="TreebankTokenizer"/>, as <c>evaluate</c> does it.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="ArgumentException">
    /// There is no prediction, as many references are given for another number of them, or one has none.
    /// </exception>
    public static MeteorScore Score(
        IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> references, ITokenizer? tokenizer = null,
        MeteorOptions? options = null, CancellationToken cancellationToken = default)
    {
        Segments.Check(predictions, references);
        tokenizer ??= TreebankTokenizer.Instance;
        return Score(TokenCorpus.Create(predictions, references, text => Lower(tokenizer.Tokenize(text))), options, cancellationToken);
    }

    /// <summary>Scores predictions that are tokenized.</summary>
    /// <param name="predictions">The words of the predictions.</param>
    /// <param name="references">For each the words of at least one reference.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="ArgumentException">
    /// There is no prediction, as many references are given for another number of them, or one has none.
    /// </exception>
    public static MeteorScore ScoreTokens(
        IReadOnlyList<Words> predictions, IReadOnlyList<IReadOnlyList<Words>> references, MeteorOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Segments.Check(predictions, references);
        return Score(TokenCorpus.Create(predictions, references, Lower), options, cancellationToken);
    }

    private static MeteorScore Score(TokenCorpus corpus, MeteorOptions? options, CancellationToken cancellationToken)
    {
        options ??= new MeteorOptions();
        MeteorWords words = new(corpus.Words, options.WordNet);
        MeteorPair[][] pairs = InParallel.Select(
            corpus.Segments.Count, i => Pairs(corpus.Segments[i], words, options), cancellationToken);
        double[] scores = [.. pairs.Select(each => each.Max(pair => pair.Score))];
        return new MeteorScore(scores.Sum() / scores.Length, scores, pairs);
    }

    private static MeteorPair[] Pairs(TokenSegment segment, MeteorWords words, MeteorOptions options) =>
        [.. segment.References.Select(reference => Pair(segment.Prediction, reference, words, options))];

    private static MeteorPair Pair(int[] prediction, int[] reference, MeteorWords words, MeteorOptions options)
    {
        (int Prediction, int Reference)[] matches = MeteorAlignment.Of(prediction, reference, words);
        if (matches.Length == 0) return new MeteorPair(0, matches, 0);
        int chunks = 1;
        for (int i = 1; i < matches.Length; i++)
        {
            if (matches[i] != (matches[i - 1].Prediction + 1, matches[i - 1].Reference + 1)) chunks++;
        }

        double precision = (double)matches.Length / prediction.Length;
        double recall = (double)matches.Length / reference.Length;
        double mean = precision * recall / ((options.Alpha * precision) + ((1 - options.Alpha) * recall));
        double penalty = options.Gamma * Math.Pow((double)chunks / matches.Length, options.Beta);
        return new MeteorPair((1 - penalty) * mean, matches, chunks);
    }

    private static List<string> Lower(Words words) => [.. words.Select(PythonText.ToLower)];
}
