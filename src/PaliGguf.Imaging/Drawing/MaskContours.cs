using System.Numerics;

namespace PaliGguf.Imaging.Drawing;

/// <summary>The outlines of a bitmap as smooth rings, for drawing: they run through the middles of the pixels' sides, so steps become slopes.</summary>
internal static class MaskContours
{
    private const int Smoothings = 2;
    private const float Tolerance = 0.2f;

    /// <summary>Traces outer outlines and holes, in pixels of the picture.</summary>
    public static List<IReadOnlyList<Vector2>> Trace(AnnotationMask mask)
    {
        List<IReadOnlyList<Vector2>> rings = [];
        bool[] seen = new bool[mask.Inside.Length];
        Vector2 origin = new(mask.Left, mask.Top);
        for (int y = 0; y < mask.Height; y++)
        {
            for (int x = 0; x < mask.Width; x++)
            {
                if (seen[(y * mask.Width) + x] || !IsInside(mask, x, y) || IsInside(mask, x, y - 1)) continue;
                Vector2[] ring = Follow(mask, x, y, seen, origin);
                for (int i = 0; i < Smoothings && ring.Length > 8; i++) ring = Smooth(ring);
                rings.Add(Rings.Simplify(ring, Tolerance));
            }
        }

        return rings;
    }

    private static bool IsInside(AnnotationMask mask, int x, int y) =>
        (uint)x < (uint)mask.Width && (uint)y < (uint)mask.Height && mask.Inside[(y * mask.Width) + x];

    /// <summary>Walks along the sides of pixels with the inside on the right hand, from the upper left corner of a pixel with nothing above it.</summary>
    private static Vector2[] Follow(AnnotationMask mask, int startX, int startY, bool[] seen, Vector2 origin)
    {
        List<Vector2> middles = [];
        (int x, int y, int right, int down) = (startX, startY, 1, 0);
        do
        {
            if (right == 1) seen[(y * mask.Width) + x] = true;
            middles.Add(origin + new Vector2(x + (right * 0.5f), y + (down * 0.5f)));
            (x, y) = (x + right, y + down);

            // The pixels ahead on both hands of the corner that is reached, from the corner's own lower right pixel.
            int aheadX = x + ((right - 1) / 2), aheadY = y + ((down - 1) / 2);
            bool onRight = down switch
            {
                0 => IsInside(mask, aheadX, right == 1 ? y : y - 1),
                _ => IsInside(mask, down == 1 ? x - 1 : x, aheadY),
            };
            bool onLeft = down switch
            {
                0 => IsInside(mask, aheadX, right == 1 ? y - 1 : y),
                _ => IsInside(mask, down == 1 ? x : x - 1, aheadY),
            };
            if (!onRight) (right, down) = (-down, right);
            else if (onLeft) (right, down) = (down, -right);
        }
        while ((x, y, right, down) != (startX, startY, 1, 0));
        return [.. middles];
    }

    private static Vector2[] Smooth(Vector2[] ring)
    {
        Vector2[] smooth = new Vector2[ring.Length];
        for (int i = 0; i < ring.Length; i++)
        {
            smooth[i] = (ring[i] / 2) + ((ring[(i + ring.Length - 1) % ring.Length] + ring[(i + 1) % ring.Length]) / 4);
        }

        return smooth;
    }
}
