using System.Collections;
using System.Collections.Immutable;

namespace PaliGguf.Tasks.Masks;

/// <summary>
/// Finds the outlines of a bitmap along the edges of its pixels. Pixels are connected by their sides; the mask is always on the right hand of
/// who walks along an outline.
/// </summary>
internal static class MaskOutlines
{
    public static IReadOnlyList<MaskPolygon> Trace(MaskBitmap bitmap)
    {
        MaskParts parts = new(bitmap);
        Dictionary<int, List<ImmutableArray<MaskPoint>>> outlines = [];

        // Every outline, a hole's too, has a side along which the mask is below and none of it above.
        BitArray walked = new(bitmap.Width * bitmap.Height);
        for (int y = 0; y < bitmap.Height; y++)
        {
            for (int x = 0; x < bitmap.Width; x++)
            {
                if (!bitmap[x, y] || bitmap[x, y - 1] || walked[(y * bitmap.Width) + x]) continue;
                ImmutableArray<MaskPoint> outline = Walk(bitmap, x, y, walked);
                int part = parts.Of(x, y);
                if (outlines.TryGetValue(part, out List<ImmutableArray<MaskPoint>>? found)) found.Add(outline);
                else outlines.Add(part, [outline]);
            }
        }

        // A part's first pixel in reading order is on its outer outline, so that one is found before the holes.
        return outlines.Values.Select(found => new MaskPolygon(found[0], [.. found.Skip(1)])).ToArray();
    }

    private static ImmutableArray<MaskPoint> Walk(MaskBitmap bitmap, int startX, int startY, BitArray walked)
    {
        ImmutableArray<MaskPoint>.Builder corners = ImmutableArray.CreateBuilder<MaskPoint>();
        (int x, int y, Step step) = (startX, startY, Step.Right);
        do
        {
            if (step == Step.Right) walked[(y * bitmap.Width) + x] = true;
            (x, y) = Advance(x, y, step);
            Step next = Next(bitmap, x, y, step);
            if (next != step) corners.Add(new MaskPoint(x, y));
            step = next;
        }
        while ((x, y, step) != (startX, startY, Step.Right));

        return corners.DrainToImmutable();
    }

    private static (int X, int Y) Advance(int x, int y, Step step) => step switch
    {
        Step.Right => (x + 1, y),
        Step.Down => (x, y + 1),
        Step.Left => (x - 1, y),
        _ => (x, y - 1),
    };

    private static Step Next(MaskBitmap bitmap, int x, int y, Step step)
    {
        // The two pixels ahead of a corner.
        (bool left, bool right) = step switch
        {
            Step.Right => (bitmap[x, y - 1], bitmap[x, y]),
            Step.Down => (bitmap[x, y], bitmap[x - 1, y]),
            Step.Left => (bitmap[x - 1, y], bitmap[x - 1, y - 1]),
            _ => (bitmap[x - 1, y - 1], bitmap[x, y - 1]),
        };
        if (!right) return (Step)(((int)step + 1) % 4);
        return left ? (Step)(((int)step + 3) % 4) : step;
    }

    private enum Step
    {
        Right,
        Down,
        Left,
        Up,
    }
}
