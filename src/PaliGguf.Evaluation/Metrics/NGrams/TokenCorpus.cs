namespace PaliGguf.Evaluation.Metrics.NGrams;

/// <summary>Tokenized predictions and references, the words as numbers. Immutable.</summary>
internal sealed class TokenCorpus
{
    private TokenCorpus(TokenSegment[] segments, WordIndex words)
    {
        Segments = segments;
        Words = words;
    }

    public IReadOnlyList<TokenSegment> Segments { get; }

    public WordIndex Words { get; }

    public static TokenCorpus Create<TText>(IReadOnlyList<TText> predictions, IReadOnlyList<IReadOnlyList<TText>> references, Func<TText,
        IReadOnlyList<string>> words)
    {
        WordIndex index = new();
        TokenSegment[] segments = new TokenSegment[predictions.Count];
        for (int i = 0; i < segments.Length; i++)
        {
            segments[i] =
                new TokenSegment(index.Number(words(predictions[i])),
                [.. references[i].Select(reference => index.Number(words(reference)))]);
        }

        return new TokenCorpus(segments, index);
    }
}

/// <summary>One prediction and its references.</summary>
internal sealed record TokenSegment(int[] Prediction, int[][] References);
