using System.Numerics;

namespace PaliGguf.Imaging.Drawing;

internal sealed partial class Coverage
{
    private const int LinesPerRow = 4;

    /// <summary>Covers what lies in an odd number of rings. Only for a coverage that holds nothing else.</summary>
    public void Fill(IReadOnlyList<IReadOnlyList<Vector2>> rings)
    {
        Edge[] edges = Edges(rings);
        List<Edge> crossed = [];
        List<float> crossings = [];
        float[] row = new float[Right - Left + 1];
        int next = 0;
        for (int y = Top; y < Bottom; y++)
        {
            Array.Clear(row);
            for (int line = 0; line < LinesPerRow; line++)
            {
                float at = y + ((line + 0.5f) / LinesPerRow);
                while (next < edges.Length && edges[next].Top <= at) crossed.Add(edges[next++]);
                crossed.RemoveAll(edge => edge.Bottom <= at);
                crossings.Clear();
                foreach (Edge edge in crossed) crossings.Add(Math.Clamp(edge.X + (edge.Slope * (at - edge.Top)), Left, Right) - Left);
                crossings.Sort();
                for (int i = 0; i + 1 < crossings.Count; i += 2) AddSpan(row, crossings[i], crossings[i + 1]);
            }

            Span<byte> covered = _covered.AsSpan((y - Top) * (Right - Left), Right - Left);
            for (int x = 0; x < covered.Length; x++) covered[x] = ToByte(row[x]);
        }
    }

    private static void AddSpan(float[] row, float from, float to)
    {
        const float Share = 1f / LinesPerRow;
        int first = (int)from, last = (int)to;
        if (first == last)
        {
            row[first] += (to - from) * Share;
            return;
        }

        row[first] += (first + 1 - from) * Share;
        for (int x = first + 1; x < last; x++) row[x] += Share;
        row[last] += (to - last) * Share;
    }

    private static Edge[] Edges(IReadOnlyList<IReadOnlyList<Vector2>> rings)
    {
        List<Edge> edges = [];
        foreach (IReadOnlyList<Vector2> ring in rings)
        {
            for (int i = 0; i < ring.Count; i++)
            {
                Vector2 a = ring[i], b = ring[(i + 1) % ring.Count];
                if (a.Y == b.Y) continue;
                if (a.Y > b.Y) (a, b) = (b, a);
                edges.Add(new Edge(a.Y, b.Y, a.X, (b.X - a.X) / (b.Y - a.Y)));
            }
        }

        Edge[] sorted = [.. edges];
        Array.Sort(sorted, (one, other) => one.Top.CompareTo(other.Top));
        return sorted;
    }

    /// <summary>A side of a ring, from its upper end at X.</summary>
    private readonly record struct Edge(float Top, float Bottom, float X, float Slope);
}
