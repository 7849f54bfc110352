namespace PaliGguf.Language;

/// <summary>The beginning of an answer that a beam search follows: the tokens of its parent, and one more.</summary>
/// <param name="Parent">Null for the empty answer.</param>
/// <param name="Token">Its last token.</param>
/// <param name="LogProbability">The natural logarithm of the last token's probability.</param>
/// <param name="Score">The sum of its tokens' log-probabilities.</param>
/// <param name="Length">Its tokens.</param>
/// <param name="Constraint">What may follow; null for anything.</param>
/// <param name="Observation">The observed tokens' probabilities, if its last token is one of them.</param>
internal sealed record Hypothesis(
    Hypothesis? Parent, int Token, float LogProbability, double Score, int Length, TokenConstraint? Constraint, float[]? Observation)
{
    public static Hypothesis Empty(TokenConstraint? constraint) => new(null, -1, 0, 0, 0, constraint, null);

    /// <summary>This and what it grew from, from the first token to the last.</summary>
    public IReadOnlyList<Hypothesis> Path()
    {
        Hypothesis[] path = new Hypothesis[Length];
        for (Hypothesis step = this; step.Parent is not null; step = step.Parent) path[step.Length - 1] = step;
        return path;
    }
}
