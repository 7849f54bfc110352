using PaliGguf.Scenes.Drawing;
using PaliGguf.Scenes.Things;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Scenes.Wording;

/// <summary>Prompts whose answers are boxes and masks.</summary>
internal static class Instances
{
    /// <summary>Kinds that the scene has, in any order: that of a prompt tells nothing of places.</summary>
    public static IReadOnlyList<ThingKind> KindsOf(DrawnScene scene, SceneRandom random)
    {
        List<ThingKind> kinds = [.. scene.Things.Select(seen => seen.Thing.Kind).Distinct()];
        random.Shuffle(kinds);
        return kinds;
    }

    /// <summary>What is seen of some kinds, kind by kind, each from left to right.</summary>
    public static IEnumerable<SeenThing> Of(DrawnScene scene, IEnumerable<ThingKind> kinds) =>
        kinds.SelectMany(kind => scene.Things.Where(seen => seen.Thing.Kind == kind));

    public static string DetectPrompt(IEnumerable<ThingKind> kinds) => "detect " + string.Join(" ; ", kinds.Select(kind => kind.Name));

    public static string SegmentPrompt(ThingKind kind) => $"segment {kind.Name}";

    /// <summary>The answer: boxes, with masks where there is an encoder for them.</summary>
    public static string Answer(IEnumerable<SeenThing> things, MaskEncoder? masks = null) => InstanceSuffix.Join(things.Select(seen =>
        InstanceSuffix.Of(seen.Box, masks is null ? default : masks.Encode(seen.Mask, seen.Box), seen.Thing.Kind.Name)));
}
