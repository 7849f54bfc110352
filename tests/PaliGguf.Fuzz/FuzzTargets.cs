using PaliGguf.Fuzz.Targets;

namespace PaliGguf.Fuzz;

/// <summary>All targets.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. ModelTargets.All, .. CheckpointTargets.All, .. ConfigurationTargets.All, .. PictureTargets.All, .. TextTargets.All,
        .. DatasetTargets.All, .. WordTargets.All, .. BatchTargets.All, .. RequestTargets.All, .. CallTargets.All,
    ];

    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
