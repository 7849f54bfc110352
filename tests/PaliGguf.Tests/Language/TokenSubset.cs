using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

/// <summary>Answers made of a few tokens, which may end anywhere.</summary>
internal sealed class TokenSubset(int endOfSequence, params int[] tokens) : TokenConstraint
{
    private readonly int[] _allowed = [endOfSequence, .. tokens];

    public override ReadOnlySpan<int> Allowed(int remaining) => _allowed.AsSpan(0, remaining > 0 ? _allowed.Length : 1);

    public override TokenConstraint After(int token) => tokens.Contains(token) ? this : throw new ArgumentException($"{token} was not allowed.");
}
