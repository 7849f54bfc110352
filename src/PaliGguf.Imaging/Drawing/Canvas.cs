using System.Numerics;

namespace PaliGguf.Imaging.Drawing;

/// <summary>The pixels of a picture that is being drawn on.</summary>
internal sealed class Canvas(RgbImage picture)
{
    private readonly byte[] _pixels = picture.Pixels.ToArray();

    public int Width { get; } = picture.Width;

    public int Height { get; } = picture.Height;

    /// <summary>The picture. The canvas must not be drawn on afterwards.</summary>
    public RgbImage ToImage() => new(Width, Height, _pixels);

    /// <summary>Paints a shape.</summary>
    public void Paint(Coverage shape, Colour colour, float opacity = 1)
    {
        int strength = (int)((opacity * 256) + 0.5f);
        for (int y = shape.Top; y < shape.Bottom; y++)
        {
            ReadOnlySpan<byte> covered = shape.Row(y);
            for (int x = 0; x < covered.Length; x++)
            {
                if (covered[x] != 0) Blend(shape.Left + x, y, colour, covered[x] * strength);
            }
        }
    }

    /// <summary>Paints closed lines of a width.</summary>
    public void PaintOutlines(IReadOnlyList<IReadOnlyList<Vector2>> rings, float width, Colour colour, float opacity = 1)
    {
        if (rings.Count == 0) return;
        (Vector2 least, Vector2 most) = Rings.Bounds(rings);
        float reach = (width / 2) + 1;
        if (Coverage.Create(this, least.X - reach, least.Y - reach, most.X + reach, most.Y + reach) is not Coverage shape) return;
        foreach (IReadOnlyList<Vector2> ring in rings)
        {
            for (int i = 0; i < ring.Count; i++) shape.AddLine(ring[i], ring[(i + 1) % ring.Count], width / 2);
        }

        Paint(shape, colour, opacity);
    }

    /// <summary>Paints a rectangle with round corners.</summary>
    public void PaintRectangle(Rectangle rectangle, float radius, Colour colour, float opacity = 1) =>
        PaintFrame(rectangle, radius, float.PositiveInfinity, colour, opacity);

    /// <summary>Paints lines of a width inside the edges of a rectangle with round corners.</summary>
    public void PaintFrame(Rectangle rectangle, float radius, float width, Colour colour, float opacity = 1)
    {
        int strength = (int)((opacity * 256) + 0.5f);
        Vector2 half = new Vector2(rectangle.Width, rectangle.Height) / 2;
        Vector2 centre = new Vector2(rectangle.Left, rectangle.Top) + half;
        radius = Math.Min(radius, Math.Min(half.X, half.Y));
        float rim = MathF.Ceiling(Math.Max(width, radius)) + 1;
        for (int y = Math.Max(rectangle.Top, 0); y < Math.Min(rectangle.Bottom, Height); y++)
        {
            bool nearEdge = y < rectangle.Top + rim || y >= rectangle.Bottom - rim;
            for (int x = Math.Max(rectangle.Left, 0); x < Math.Min(rectangle.Right, Width); x++)
            {
                if (!nearEdge && x == (int)(rectangle.Left + rim)) x = Math.Max(x, (int)(rectangle.Right - rim));
                Vector2 q = Vector2.Abs(new Vector2(x + 0.5f, y + 0.5f) - centre) - half + new Vector2(radius);
                float outside = Vector2.Max(q, Vector2.Zero).Length() + Math.Min(Math.Max(q.X, q.Y), 0) - radius;
                float covered = Math.Clamp(0.5f - outside, 0, 1);
                if (float.IsFinite(width)) covered *= Math.Clamp(outside + width + 0.5f, 0, 1);
                if (covered > 0) Blend(x, y, colour, Coverage.ToByte(covered) * strength);
            }
        }
    }

    /// <param name="x">The column.</param>
    /// <param name="y">The row.</param>
    /// <param name="colour">What to paint.</param>
    /// <param name="strength">How much of it, 0 to 255 * 256.</param>
    private void Blend(int x, int y, Colour colour, int strength)
    {
        const int All = 255 * 256;
        Span<byte> pixel = _pixels.AsSpan(3 * ((y * Width) + x), 3);
        pixel[0] = (byte)(((pixel[0] * (All - strength)) + (colour.Red * strength) + (All / 2)) / All);
        pixel[1] = (byte)(((pixel[1] * (All - strength)) + (colour.Green * strength) + (All / 2)) / All);
        pixel[2] = (byte)(((pixel[2] * (All - strength)) + (colour.Blue * strength) + (All / 2)) / All);
    }
}
