using PaliGguf.Tasks.Masks;

namespace PaliGguf.Imaging.Drawing;

/// <summary>A shape as a bitmap in the resolution of the picture: of the whole picture, or of a part of it such as a box.</summary>
public sealed class AnnotationMask
{
    private readonly bool[] _inside;

    /// <summary>Copies a bitmap of one boolean per pixel.</summary>
    /// <param name="inside">Row by row from the top, <c>width * height</c> long.</param>
    /// <param name="width">Its width in pixels, at least 1.</param>
    /// <param name="height">Its height in pixels, at least 1.</param>
    /// <param name="left">Where its first column lies in the picture; 0 for a bitmap of the whole picture.</param>
    /// <param name="top">Where its first row lies in the picture; 0 for a bitmap of the whole picture.</param>
    /// <exception cref="ArgumentException">The length does not fit the size, or a size or place is out of range.</exception>
    public AnnotationMask(ReadOnlySpan<bool> inside, int width, int height, int left = 0, int top = 0)
        : this(inside.ToArray(), width, height, left, top)
    {
    }

    /// <summary>Copies a bitmap of one byte per pixel.</summary>
    /// <param name="inside">Row by row from the top, <c>width * height</c> long; 0 is outside, all else inside.</param>
    /// <param name="width">Its width in pixels, at least 1.</param>
    /// <param name="height">Its height in pixels, at least 1.</param>
    /// <param name="left">Where its first column lies in the picture; 0 for a bitmap of the whole picture.</param>
    /// <param name="top">Where its first row lies in the picture; 0 for a bitmap of the whole picture.</param>
    /// <exception cref="ArgumentException">The length does not fit the size, or a size or place is out of range.</exception>
    public AnnotationMask(ReadOnlySpan<byte> inside, int width, int height, int left = 0, int top = 0)
        : this(ToBooleans(inside), width, height, left, top)
    {
    }

    private AnnotationMask(bool[] inside, int width, int height, int left, int top)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs((long)left), MaxPlace, nameof(left));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs((long)top), MaxPlace, nameof(top));
        if (inside.Length != (long)width * height)
        {
            throw new ArgumentException($"A mask of {width} x {height} pixels has {(long)width * height} values, not {inside.Length}.",
                nameof(inside));
        }

        (_inside, Width, Height, Left, Top) = (inside, width, height, left, top);
    }

    /// <summary>What the model outlined.</summary>
    /// <param name="mask">The outline.</param>
    public static AnnotationMask Of(Mask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        MaskBitmap bitmap = mask.ToBitmap();
        return new AnnotationMask(bitmap.Pixels, bitmap.Width, bitmap.Height, mask.Left, mask.Top);
    }

    /// <summary>The bitmap's width in pixels.</summary>
    public int Width { get; }

    /// <summary>The bitmap's height in pixels.</summary>
    public int Height { get; }

    /// <summary>Where its first column lies in the picture.</summary>
    public int Left { get; }

    /// <summary>Where its first row lies in the picture.</summary>
    public int Top { get; }

    /// <summary>Row by row from the top, whether a pixel is inside.</summary>
    public ReadOnlySpan<bool> Inside => _inside;

    private const int MaxPlace = 1 << 24;

    private static bool[] ToBooleans(ReadOnlySpan<byte> inside)
    {
        bool[] booleans = new bool[inside.Length];
        for (int i = 0; i < inside.Length; i++) booleans[i] = inside[i] != 0;
        return booleans;
    }
}
