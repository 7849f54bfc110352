using PaliGguf.Language;

namespace PaliGguf.Tasks;

/// <summary>Within the codewords of a mask.</summary>
/// <param name="rules">The grammar.</param>
/// <param name="missing">How many are still to come.</param>
internal sealed class MaskState(InstanceRules rules, int missing) : TokenConstraint
{
    public override ReadOnlySpan<int> Allowed(int remaining) => rules.Codewords;

    public override TokenConstraint After(int token) => missing > 1 ? new MaskState(rules, missing - 1) : rules.AfterMask();
}
