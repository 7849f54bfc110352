using System.Buffers;

namespace PaliGguf.Vision;

/// <summary>
/// Resizes pictures with the very integers of Pillow, the library behind the models' reference preprocessing. Answers depend on it:
/// one level of difference in a few pixels is enough to change a token.
/// </summary>
public static class Resampling
{
    /// <summary>The longest side of a source or target picture.</summary>
    public const int MaxSide = 1 << 24;

    /// <summary>Resizes a picture to any size; the aspect ratio is not kept.</summary>
    /// <remarks>
    /// Besides the result it needs memory for the weights (at most about 20 bytes per pixel of each side) and for the rows being made: a few when
    /// shrinking, at most four times the result when enlarging a picture of a few rows.
    /// </remarks>
    /// <param name="image">The picture, each side at most <see cref="MaxSide"/>.</param>
    /// <param name="width">The new width in pixels, 1 to <see cref="MaxSide"/>.</param>
    /// <param name="height">The new height in pixels, 1 to <see cref="MaxSide"/>.</param>
    /// <param name="interpolation">The filter.</param>
    /// <returns>The resized picture, or <paramref name="image"/> itself when it already has that size.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range, or the interpolation is unknown.</exception>
    /// <exception cref="ArgumentException">The new picture has more bytes than an array can hold.</exception>
    public static RgbImage Resize(RgbImage image, int width, int height, Interpolation interpolation = Interpolation.Bicubic)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(image.Width, image.Height), MaxSide, nameof(image));
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaxSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MaxSide);
        if (3L * width * height > Array.MaxLength)
        {
            throw new ArgumentException($"{width} x {height} pixels are more than one array can hold.", nameof(width));
        }

        ResamplingWeights? columns = width == image.Width ? null : new ResamplingWeights(image.Width, width, interpolation);
        ResamplingWeights? rows = height == image.Height ? null : new ResamplingWeights(image.Height, height, interpolation);
        if (columns is null && rows is null) return image;

        byte[] pixels = GC.AllocateUninitializedArray<byte>(3 * width * height);
        if (rows is null)
        {
            for (int y = 0; y < height; y++) ResamplingKernels.ResizeRow(RowAndRest(image, y), pixels.AsSpan(3 * width * y, 3 * width), columns!);
        }
        else
        {
            ResizeBothAxes(image, pixels, 3 * width, columns, rows);
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>
    /// Goes through the source once. Each row is resized horizontally, rounded to bytes as Pillow does, and added to all target rows it belongs to;
    /// a target row is written when its last source row has come.
    /// </summary>
    private static void ResizeBothAxes(RgbImage image, Span<byte> pixels, int rowBytes, ResamplingWeights? columns, ResamplingWeights rows)
    {
        int openRows = rows.MaxOverlap();
        int[] sums = ArrayPool<int>.Shared.Rent(checked(openRows * rowBytes));
        byte[] narrow = ArrayPool<byte>.Shared.Rent(rowBytes);
        int firstOpen = 0, nextToOpen = 0;
        for (int y = 0; y < image.Height && firstOpen < rows.Count; y++)
        {
            for (; nextToOpen < rows.Count && rows.Start(nextToOpen) <= y; nextToOpen++) ResamplingKernels.Clear(Sums(nextToOpen));
            if (firstOpen == nextToOpen) continue;

            ReadOnlySpan<byte> row = RowAndRest(image, y);
            if (columns is null)
            {
                row = row[..rowBytes];
            }
            else
            {
                ResamplingKernels.ResizeRow(row, narrow.AsSpan(0, rowBytes), columns);
                row = narrow.AsSpan(0, rowBytes);
            }

            for (int target = firstOpen; target < nextToOpen; target++)
            {
                ResamplingKernels.Accumulate(Sums(target), row, rows.Of(target)[y - rows.Start(target)]);
            }

            for (; firstOpen < nextToOpen && rows.End(firstOpen) <= y + 1; firstOpen++)
            {
                ResamplingKernels.Finish(Sums(firstOpen), pixels.Slice(firstOpen * rowBytes, rowBytes));
            }
        }

        ArrayPool<byte>.Shared.Return(narrow);
        ArrayPool<int>.Shared.Return(sums);

        Span<int> Sums(int target) => sums.AsSpan(target % openRows * rowBytes, rowBytes);
    }

    private static ReadOnlySpan<byte> RowAndRest(RgbImage image, int y) => image.Pixels[(3 * image.Width * y)..];
}
