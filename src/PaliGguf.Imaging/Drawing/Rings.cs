using System.Numerics;

namespace PaliGguf.Imaging.Drawing;

/// <summary>Shapes as closed rings of points.</summary>
internal static class Rings
{
    /// <summary>Takes points away as long as the line stays within a distance of them (Douglas and Peucker's method, on the ring cut into two).</summary>
    public static Vector2[] Simplify(Vector2[] ring, float tolerance)
    {
        if (ring.Length < 8) return ring;
        int far = 0;
        for (int i = 1; i < ring.Length; i++)
        {
            if (Vector2.DistanceSquared(ring[i], ring[0]) > Vector2.DistanceSquared(ring[far], ring[0])) far = i;
        }

        bool[] kept = new bool[ring.Length];
        kept[0] = kept[far] = true;
        Stack<(int From, int To)> parts = new([(0, far), (far, ring.Length)]);
        while (parts.TryPop(out (int From, int To) part))
        {
            (int worst, float distance) = (-1, tolerance);
            for (int i = part.From + 1; i < part.To; i++)
            {
                float d = Distance(ring[i], ring[part.From], ring[part.To % ring.Length]);
                if (d > distance) (worst, distance) = (i, d);
            }

            if (worst < 0) continue;
            kept[worst] = true;
            parts.Push((part.From, worst));
            parts.Push((worst, part.To));
        }

        return ring.Where((_, i) => kept[i]).ToArray();
    }

    private static float Distance(Vector2 point, Vector2 from, Vector2 to)
    {
        Vector2 along = to - from;
        float squared = along.LengthSquared();
        float t = squared > 0 ? Math.Clamp(Vector2.Dot(point - from, along) / squared, 0, 1) : 0;
        return Vector2.Distance(point, from + (along * t));
    }
}
