using PaliGguf.Language;

namespace PaliGguf.Tasks;

/// <summary>Within the four locations of a box.</summary>
/// <param name="rules">The grammar.</param>
/// <param name="bins">The bins that there are: y_min, x_min, y_max.</param>
/// <param name="mayEnd">Whether the answer may end instead of beginning the box: an empty answer.</param>
internal sealed class BoxState(InstanceRules rules, int[] bins, bool mayEnd) : TokenConstraint
{
    public override ReadOnlySpan<int> Allowed(int remaining) => bins.Length switch
    {
        0 when mayEnd => rules.EndOrLocations(room: remaining >= rules.InstanceLength),
        // The last bin leaves no room for a greater one.
        0 or 1 => rules.Locations(0, InstanceTokens.Bins - 1),
        _ => rules.Locations(bins[bins.Length - 2] + 1, InstanceTokens.Bins),
    };

    public override TokenConstraint After(int token) =>
        bins.Length < 3 ? new BoxState(rules, [.. bins, rules.Bin(token)], mayEnd: false) : rules.AfterBox();
}
