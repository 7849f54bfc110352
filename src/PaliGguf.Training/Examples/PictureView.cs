using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Training.Examples;

/// <summary>A part of a picture, as it is or mirrored: what is seen of the picture, and of boxes and masks in it.</summary>
/// <param name="Left">The first column that is seen.</param>
/// <param name="Top">The first row.</param>
/// <param name="Width">The columns that are seen, at least 1.</param>
/// <param name="Height">The rows.</param>
/// <param name="IsMirrored">Whether left and right change places.</param>
internal sealed record PictureView(int Left, int Top, int Width, int Height, bool IsMirrored)
{
    // Of an object of which less is left, nobody could say what it is.
    private const double LeastRest = 0.25;

    /// <summary>What is seen of a picture.</summary>
    public RgbImage Of(RgbImage picture)
    {
        byte[] seen = new byte[3 * Width * Height];
        Copy(picture.Pixels, picture.Width, 3, seen);
        return new RgbImage(Width, Height, seen);
    }

    /// <summary>What is seen of a mask.</summary>
    public MaskBitmap Of(MaskBitmap mask)
    {
        byte[] seen = new byte[Width * Height];
        Copy(mask.Pixels, mask.Width, 1, seen);
        return MaskBitmap.FromPixels(Width, Height, seen);
    }

    /// <summary>What is seen of a box, both in pixels.</summary>
    /// <returns>Null where it is too little.</returns>
    public PixelBox? Of(PixelBox box)
    {
        float left = Math.Clamp(box.XMin - Left, 0, Width), right = Math.Clamp(box.XMax - Left, 0, Width);
        float top = Math.Clamp(box.YMin - Top, 0, Height), bottom = Math.Clamp(box.YMax - Top, 0, Height);
        double rest = (double)(right - left) * (bottom - top);
        if (rest < LeastRest * box.Width * box.Height) return null;
        return IsMirrored ? new PixelBox(Width - right, top, Width - left, bottom) : new PixelBox(left, top, right, bottom);
    }

    private void Copy(ReadOnlySpan<byte> source, int width, int depth, Span<byte> target)
    {
        for (int y = 0; y < Height; y++)
        {
            ReadOnlySpan<byte> row = source.Slice((((Top + y) * width) + Left) * depth, Width * depth);
            Span<byte> seen = target.Slice(y * Width * depth, Width * depth);
            if (!IsMirrored)
            {
                row.CopyTo(seen);
                continue;
            }

            for (int x = 0; x < Width; x++) row.Slice((Width - 1 - x) * depth, depth).CopyTo(seen[(x * depth)..]);
        }
    }
}
