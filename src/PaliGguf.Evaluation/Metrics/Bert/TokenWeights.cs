namespace PaliGguf.Evaluation.Metrics.Bert;

/// <summary>Weights of tokens by how few references have them: ln((N + 1) / (n + 1)), N references of which n have the token.</summary>
public sealed class TokenWeights
{
    private readonly Dictionary<int, int> _references = [];
    private readonly int _count;

    /// <summary>Counts tokens.</summary>
    /// <param name="references">The tokens of all references of a corpus, with [CLS] and [SEP], whose weight is 0 by themselves.</param>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    public TokenWeights(IReadOnlyCollection<IReadOnlyList<int>> references)
    {
        ArgumentNullException.ThrowIfNull(references);
        if (references.Count == 0) throw new ArgumentException("There is no reference.", nameof(references));
        _count = references.Count;
        foreach (int token in references.SelectMany(tokens => tokens.Distinct()))
        {
            _references[token] = _references.GetValueOrDefault(token) + 1;
        }
    }

    /// <summary>The weight of a token; the largest for one that no reference has.</summary>
    public double Of(int token) => Math.Log((_count + 1.0) / (_references.GetValueOrDefault(token) + 1.0));
}
