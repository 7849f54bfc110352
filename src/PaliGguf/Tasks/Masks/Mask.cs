namespace PaliGguf.Tasks.Masks;

/// <summary>
/// The mask of an instance: logits over its box, and the same as bitmap, runs or polygons in the pixels of the picture, which are computed anew by each
/// call. Immutable.
/// </summary>
public sealed class Mask
{
    private readonly float[] _logits;

    /// <summary>Makes a mask of logits.</summary>
    /// <param name="logits">64 x 64 numbers over the box, row by row: positive inside the mask.</param>
    /// <param name="box">The box in pixels of the picture.</param>
    /// <param name="imageWidth">The picture's width in pixels.</param>
    /// <param name="imageHeight">The picture's height in pixels.</param>
    /// <exception cref="ArgumentException">The logits are not 64 x 64, or the box has no part inside the picture.</exception>
    public Mask(ReadOnlySpan<float> logits, PixelBox box, int imageWidth, int imageHeight)
    {
        if (logits.Length != MaskDecoder.Side * MaskDecoder.Side)
        {
            throw new ArgumentException($"A mask has {MaskDecoder.Side * MaskDecoder.Side} logits, not {logits.Length}.", nameof(logits));
        }

        _logits = logits.ToArray();
        ImageWidth = imageWidth;
        ImageHeight = imageHeight;
        (Left, Width) = Whole(box.XMin, box.XMax, imageWidth);
        (Top, Height) = Whole(box.YMin, box.YMax, imageHeight);
    }

    /// <summary>64 x 64 numbers over the box, row by row from the top: positive inside the mask, near 1 or -1 where the model is sure.</summary>
    public ReadOnlySpan<float> Logits => _logits;

    /// <summary>The picture's width in pixels.</summary>
    public int ImageWidth { get; }

    /// <summary>The picture's height in pixels.</summary>
    public int ImageHeight { get; }

    /// <summary>Where the box begins: whole pixels from the picture's left side.</summary>
    public int Left { get; }

    /// <summary>Where the box begins: whole pixels from the picture's upper side.</summary>
    public int Top { get; }

    /// <summary>The width of the box in whole pixels, at least 1.</summary>
    public int Width { get; }

    /// <summary>The height of the box in whole pixels, at least 1.</summary>
    public int Height { get; }

    /// <summary>The part of the picture in the box: <see cref="Width"/> x <see cref="Height"/>, with its upper left pixel at <see cref="Left"/>, <see cref="Top"/>.</summary>
    public MaskBitmap ToBitmap() => ToBitmap(Width, Height);

    /// <summary>The box at any size: the logits resized bilinearly, and inside where they are positive.</summary>
    /// <param name="boxWidth">The width in pixels, 1 to 2^24.</param>
    /// <param name="boxHeight">The height in pixels, 1 to 2^24.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the bitmap has more pixels than an array can hold.</exception>
    public MaskBitmap ToBitmap(int boxWidth, int boxHeight)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(boxWidth, Vision.Resampling.MaxSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(boxHeight, Vision.Resampling.MaxSide);
        return MaskResampling.Threshold(_logits, boxWidth, boxHeight);
    }

    /// <summary>The whole picture: <see cref="ImageWidth"/> x <see cref="ImageHeight"/>.</summary>
    /// <exception cref="ArgumentException">The picture has more pixels than an array can hold.</exception>
    public MaskBitmap ToImageBitmap() => ToBitmap().Place(ImageWidth, ImageHeight, Left, Top);

    /// <summary>The whole picture as runs, as COCO's tools store it. This never holds the whole picture as a bitmap.</summary>
    public RunLengthMask ToRunLengths() => ToBitmap().ToRunLengths(ImageWidth, ImageHeight, Left, Top);

    /// <summary>The outlines of the mask in pixels of the picture.</summary>
    /// <inheritdoc cref="MaskBitmap.ToPolygons(double)" path="/param|/returns|/exception"/>
    public IReadOnlyList<MaskPolygon> ToPolygons(double tolerance = 1) => ToBitmap().ToPolygons(tolerance, Left, Top);

    // The nearest whole pixels, but at least one of them, and none outside the picture.
    private static (int Start, int Length) Whole(float from, float to, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (!(from < size && to > 0 && from <= to)) throw new ArgumentException($"The box from {from} to {to} has no part in {size} pixels.");
        int start = (int)Math.Clamp(MathF.Round(from), 0, size - 1);
        int end = (int)Math.Clamp(MathF.Round(to), start + 1, size);
        return (start, end - start);
    }
}
