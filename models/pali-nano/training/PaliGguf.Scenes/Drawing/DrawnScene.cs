using PaliGguf.Scenes.Plans;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Scenes.Drawing;

/// <summary>A scene at some size, and the truth about it.</summary>
/// <param name="Plan">The scene.</param>
/// <param name="Side">The picture's side in pixels.</param>
/// <param name="Jpeg">The picture's file.</param>
/// <param name="Things">What is seen of its things, from left to right by the middles of their boxes.</param>
internal sealed record DrawnScene(ScenePlan Plan, int Side, byte[] Jpeg, IReadOnlyList<SeenThing> Things);

/// <summary>What is seen of a thing.</summary>
/// <param name="Thing">The thing.</param>
/// <param name="Mask">Where nothing nearer covers it, and it more than half of a pixel.</param>
/// <param name="Pixels">The smallest box around the mask, in pixels.</param>
internal sealed record SeenThing(ThingPlan Thing, MaskBitmap Mask, PixelBox Pixels)
{
    public NormalizedBox Box => new(
        Pixels.YMin / Mask.Height, Pixels.XMin / Mask.Width, Pixels.YMax / Mask.Height, Pixels.XMax / Mask.Width);
}
