namespace PaliGguf.Language;

/// <summary>
/// What an answer may still become: a state of an automaton over the vocabulary. A state does not change, so that the hypotheses of a
/// beam search can share it.
/// </summary>
internal abstract class TokenConstraint
{
    /// <summary>The ids that may come next, each once: the end-of-sequence token too where the answer may end.</summary>
    /// <param name="remaining">
    /// How many tokens the answer may still have, the next one included and end-of-sequence not; when it is 0, only end-of-sequence can be allowed.
    /// Never fewer than the state before promised to get along with.
    /// </param>
    /// <returns>Valid until the next call.</returns>
    public abstract ReadOnlySpan<int> Allowed(int remaining);

    /// <summary>The state after one of the allowed tokens other than end-of-sequence.</summary>
    public abstract TokenConstraint After(int token);
}
