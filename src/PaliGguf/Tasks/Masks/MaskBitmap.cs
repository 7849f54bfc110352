namespace PaliGguf.Tasks.Masks;

/// <summary>A mask with one yes or no per pixel, rows from the top. Immutable.</summary>
public sealed class MaskBitmap
{
    private readonly byte[] _pixels;

    /// <summary>Takes over <paramref name="pixels"/>, each 0 or 1.</summary>
    internal MaskBitmap(int width, int height, byte[] pixels)
    {
        Width = width;
        Height = height;
        _pixels = pixels;
    }

    /// <summary>The width in pixels, at least 1.</summary>
    public int Width { get; }

    /// <summary>The height in pixels, at least 1.</summary>
    public int Height { get; }

    /// <summary>The pixels row by row, <c>Width * Height</c> bytes: 1 inside the mask, 0 outside.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>The number of pixels inside the mask.</summary>
    public int Area => Pixels.Count((byte)1);

    /// <summary>The smallest box around the mask, in pixels: from the first row and column to one past the last. Null for an empty mask.</summary>
    public PixelBox? Bounds
    {
        get
        {
            int left = Width, right = 0, top = Height, bottom = 0;
            for (int y = 0; y < Height; y++)
            {
                ReadOnlySpan<byte> row = Pixels.Slice(y * Width, Width);
                int first = row.IndexOf((byte)1);
                if (first < 0) continue;
                left = Math.Min(left, first);
                right = Math.Max(right, row.LastIndexOf((byte)1) + 1);
                top = Math.Min(top, y);
                bottom = y + 1;
            }

            return right == 0 ? null : new PixelBox(left, top, right, bottom);
        }
    }

    /// <summary>Whether a pixel is inside the mask; false for one that the bitmap does not have.</summary>
    /// <param name="x">Pixels from the left.</param>
    /// <param name="y">Pixels from the top.</param>
    public bool this[int x, int y] => (uint)x < (uint)Width && (uint)y < (uint)Height && _pixels[(y * Width) + x] != 0;

    /// <summary>Copies a bitmap.</summary>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="pixels"><c>width * height</c> bytes, row by row: 0 outside the mask, anything else inside.</param>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public static MaskBitmap FromPixels(int width, int height, ReadOnlySpan<byte> pixels)
    {
        byte[] copy = Allocate(width, height);
        if (pixels.Length != copy.Length) throw new ArgumentException($"{width} x {height} pixels are {copy.Length} bytes, not {pixels.Length}.", nameof(pixels));
        for (int i = 0; i < copy.Length; i++) copy[i] = pixels[i] != 0 ? (byte)1 : (byte)0;
        return new MaskBitmap(width, height, copy);
    }

    /// <summary>The mask as a picture: white inside, black outside.</summary>
    /// <exception cref="ArgumentException">The picture has more bytes than an array can hold.</exception>
    public RgbImage ToImage()
    {
        if (3L * Width * Height > Array.MaxLength) throw new ArgumentException($"{Width} x {Height} pixels are more than one array can hold.");
        byte[] rgb = new byte[3 * Width * Height];
        for (int i = 0; i < _pixels.Length; i++) rgb.AsSpan(3 * i, 3).Fill((byte)(255 * _pixels[i]));
        return new RgbImage(Width, Height, rgb);
    }

    /// <summary>The mask as runs, as COCO's tools store it.</summary>
    public RunLengthMask ToRunLengths() => ToRunLengths(Width, Height, 0, 0);

    /// <summary>The outlines of the mask along the edges of its pixels.</summary>
    /// <param name="tolerance">How far, in pixels, a simplified outline may lie from the true one; 0 for the true one.</param>
    /// <returns>One polygon for each connected part, pixels that touch only at a corner being apart; from the top, then from the left.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or not a number.</exception>
    public IReadOnlyList<MaskPolygon> ToPolygons(double tolerance = 1) => ToPolygons(tolerance, 0, 0);

    /// <summary>Runs over a picture of which this bitmap is a part.</summary>
    internal RunLengthMask ToRunLengths(int pictureWidth, int pictureHeight, int left, int top)
    {
        RunLengthBuilder runs = new(pictureWidth, pictureHeight);
        for (int x = 0; x < Width; x++)
        {
            long column = ((long)(left + x) * pictureHeight) + top;
            for (int y = 0; y < Height; y++)
            {
                if (_pixels[(y * Width) + x] != 0) runs.Set(column + y);
            }
        }

        return runs.Complete();
    }

    /// <summary>Outlines in a picture of which this bitmap is a part.</summary>
    internal IReadOnlyList<MaskPolygon> ToPolygons(double tolerance, int left, int top)
    {
        if (!(tolerance >= 0)) throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "A tolerance is 0 or more.");
        return MaskOutlines.Trace(this).Select(polygon => polygon.Simplify(tolerance).Move(left, top)).ToArray();
    }

    /// <summary>The bitmap in a larger one.</summary>
    internal MaskBitmap Place(int pictureWidth, int pictureHeight, int left, int top)
    {
        byte[] pixels = Allocate(pictureWidth, pictureHeight);
        for (int y = 0; y < Height; y++) _pixels.AsSpan(y * Width, Width).CopyTo(pixels.AsSpan(((top + y) * pictureWidth) + left));
        return new MaskBitmap(pictureWidth, pictureHeight, pixels);
    }

    internal static byte[] Allocate(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if ((long)width * height > Array.MaxLength) throw new ArgumentException($"{width} x {height} pixels are more than one array can hold.", nameof(width));
        return new byte[width * height];
    }
}
