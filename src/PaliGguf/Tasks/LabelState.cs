using PaliGguf.Language;

namespace PaliGguf.Tasks;

/// <summary>Within a label or the separator after it, however the model cuts that text into tokens.</summary>
/// <param name="rules">The grammar.</param>
/// <param name="labels">The labels that begin with the text there is.</param>
/// <param name="place">The bytes there are.</param>
internal sealed class LabelState(InstanceRules rules, IReadOnlyList<LabelText> labels, int place) : TokenConstraint
{
    public override ReadOnlySpan<int> Allowed(int remaining)
    {
        SortedSet<int> allowed = [];
        foreach (LabelText label in labels)
        {
            if (place == label.LabelEnd) allowed.Add(rules.Pieces.EndOfSequence);
            foreach (int token in label.TokensAt(place))
            {
                int next = place + rules.Pieces[token].Length;
                // No token that would lead where the rest of the budget does not suffice to end the answer well.
                if (label.FewestFrom(next, rules.InstanceLength) < remaining) allowed.Add(token);
            }
        }

        return allowed.ToArray();
    }

    public override TokenConstraint After(int token)
    {
        ReadOnlySpan<byte> piece = rules.Pieces[token];
        List<LabelText> left = [];
        foreach (LabelText label in labels)
        {
            if (label.From(place).StartsWith(piece)) left.Add(label);
        }

        int next = place + piece.Length;
        return left.Exists(label => label.End == next) ? rules.NextInstance() : new LabelState(rules, left, next);
    }
}
