using System.Numerics;

namespace PaliGguf.Imaging.Drawing;

/// <summary>How much of each pixel a shape covers, in a rectangle of the picture. Lines that are added join without seams.</summary>
internal sealed partial class Coverage
{
    private readonly byte[] _covered;

    private Coverage(int left, int top, int right, int bottom)
    {
        (Left, Top, Right, Bottom) = (left, top, right, bottom);
        _covered = new byte[(right - left) * (bottom - top)];
    }

    public int Left { get; }

    public int Top { get; }

    public int Right { get; }

    public int Bottom { get; }

    /// <summary>Nothing covered yet, in the part of a rectangle that lies in the picture; null if no part does.</summary>
    public static Coverage? Create(Canvas canvas, float left, float top, float right, float bottom)
    {
        int x0 = (int)MathF.Floor(Math.Clamp(left, 0, canvas.Width)), x1 = (int)MathF.Ceiling(Math.Clamp(right, 0, canvas.Width));
        int y0 = (int)MathF.Floor(Math.Clamp(top, 0, canvas.Height)), y1 = (int)MathF.Ceiling(Math.Clamp(bottom, 0, canvas.Height));
        return x0 < x1 && y0 < y1 ? new Coverage(x0, y0, x1, y1) : null;
    }

    /// <summary>The covered parts of a row of the picture, 255 for all of a pixel.</summary>
    public ReadOnlySpan<byte> Row(int y) => _covered.AsSpan((y - Top) * (Right - Left), Right - Left);

    /// <summary>Adds a line with round ends.</summary>
    public void AddLine(Vector2 from, Vector2 to, float radius)
    {
        float reach = radius + 1;
        int top = ToInt(MathF.Floor(Math.Min(from.Y, to.Y) - reach), Top, Bottom), bottom = ToInt(MathF.Ceiling(Math.Max(from.Y, to.Y) + reach), Top, Bottom);
        Vector2 along = to - from;
        float squared = Vector2.Dot(along, along);
        for (int y = top; y < bottom; y++)
        {
            (int left, int right) = Columns(from, along, y + 0.5f, reach);
            Span<byte> row = _covered.AsSpan((y - Top) * (Right - Left), Right - Left);
            for (int x = left; x < right; x++)
            {
                Vector2 point = new Vector2(x + 0.5f, y + 0.5f) - from;
                float t = squared > 0 ? Math.Clamp(Vector2.Dot(point, along) / squared, 0, 1) : 0;
                byte covered = ToByte(radius + 0.5f - (point - (along * t)).Length());
                if (covered > row[x - Left]) row[x - Left] = covered;
            }
        }
    }

    public static byte ToByte(float covered) => (byte)((Math.Clamp(covered, 0, 1) * 255) + 0.5f);

    /// <summary>The columns that a line can reach in one row.</summary>
    private (int Left, int Right) Columns(Vector2 from, Vector2 along, float y, float reach)
    {
        float t0 = 0, t1 = 1;
        if (MathF.Abs(along.Y) > 1e-6f)
        {
            float a = (y - reach - from.Y) / along.Y, b = (y + reach - from.Y) / along.Y;
            (t0, t1) = (Math.Clamp(Math.Min(a, b), 0, 1), Math.Clamp(Math.Max(a, b), 0, 1));
        }

        float x0 = from.X + (along.X * t0), x1 = from.X + (along.X * t1);
        return (ToInt(MathF.Floor(Math.Min(x0, x1) - reach), Left, Right), ToInt(MathF.Ceiling(Math.Max(x0, x1) + reach), Left, Right));
    }

    private static int ToInt(float value, int least, int most) => (int)Math.Clamp(value, least, most);
}
