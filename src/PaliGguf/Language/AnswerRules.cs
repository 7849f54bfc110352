namespace PaliGguf.Language;

/// <summary>A request's constraint and observed tokens, for the vocabulary of one model.</summary>
internal sealed class AnswerRules
{
    private readonly int[] _observed;
    private readonly HashSet<int> _observedSet;

    public AnswerRules(GenerationRequest request, Lazy<PieceIndex> pieces)
    {
        Constraint = request.Constraint?.Invoke(pieces.Value);
        _observed = request.Observed is null ? [] : [.. request.Observed(pieces.Value)];
        _observedSet = [.. _observed];
    }

    /// <summary>The state that an answer begins in, or null where it is free.</summary>
    public TokenConstraint? Constraint { get; }

    /// <summary>The probabilities of all observed tokens at a step that chose one of them; null at others.</summary>
    public float[]? Observe(int token, TokenDistribution distribution) => _observedSet.Contains(token) ? distribution.Probabilities(_observed) : null;
}
