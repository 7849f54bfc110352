using System.Numerics.Tensors;
using PaliGguf.Vision;

namespace PaliGguf.Tasks.Masks;

/// <summary>
/// The part of a mask in a box, at the size that the encoder takes, as big_vision's preprocessing makes it: the box is cut to whole pixels
/// (ties to even), and these are resized bilinearly, averaging where they become fewer. Edges stay between 0 and 1.
/// </summary>
internal static class MaskCrop
{
    private const float WeightUnit = 1f / (1 << ResamplingWeights.FractionBits);

    /// <summary>Whether a box has no whole pixel in a mask of a size.</summary>
    public static bool IsEmpty(int width, int height, NormalizedBox box)
    {
        (int top, int bottom) = Whole(box.YMin, box.YMax, height);
        (int left, int right) = Whole(box.XMin, box.XMax, width);
        return bottom <= top || right <= left;
    }

    /// <summary>Cuts and resizes.</summary>
    /// <returns>64 x 64 numbers from 0 (outside) to 1, row by row.</returns>
    /// <exception cref="ArgumentException">The box has no whole pixel in the mask.</exception>
    public static float[] Of(MaskBitmap mask, NormalizedBox box)
    {
        (int top, int bottom) = Whole(box.YMin, box.YMax, mask.Height);
        (int left, int right) = Whole(box.XMin, box.XMax, mask.Width);
        if (IsEmpty(mask.Width, mask.Height, box))
            throw new ArgumentException($"The box has no whole pixel in a mask of {mask.Width} x {mask.Height}.", nameof(box));

        float[] narrow = Narrow(mask, left, right - left, top, bottom - top);
        ResamplingWeights rows = new(bottom - top, MaskDecoder.Side, Interpolation.Bilinear);
        float[] crop = new float[MaskDecoder.Side * MaskDecoder.Side];
        for (int y = 0; y < MaskDecoder.Side; y++)
        {
            Span<float> row = crop.AsSpan(y * MaskDecoder.Side, MaskDecoder.Side);
            int source = rows.Start(y);
            foreach (int weight in rows.Of(y))
                TensorPrimitives.MultiplyAdd(narrow.AsSpan(source++ * MaskDecoder.Side, MaskDecoder.Side), weight * WeightUnit, row, row);
        }

        return crop;
    }

    /// <summary>The rows of the box at their width of 64.</summary>
    private static float[] Narrow(MaskBitmap mask, int left, int width, int top, int height)
    {
        ResamplingWeights columns = new(width, MaskDecoder.Side, Interpolation.Bilinear);
        float[] narrow = new float[checked(height * MaskDecoder.Side)];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = mask.Pixels.Slice(((top + y) * mask.Width) + left, width);
            for (int x = 0; x < MaskDecoder.Side; x++)
            {
                long sum = 0;
                ReadOnlySpan<byte> pixels = row[columns.Start(x)..];
                ReadOnlySpan<int> weights = columns.Of(x);
                for (int i = 0; i < weights.Length; i++) sum += weights[i] * pixels[i];
                narrow[(y * MaskDecoder.Side) + x] = sum * WeightUnit;
            }
        }

        return narrow;
    }

    // In 32-bit floats, as the original.
    private static (int Start, int End) Whole(float from, float to, int size)
    {
        if (float.IsNaN(from) || float.IsNaN(to)) throw new ArgumentException("A side of the box is not a number.");
        return ((int)Math.Clamp(MathF.Round(size * from), 0, size), (int)Math.Clamp(MathF.Round(size * to), 0, size));
    }
}
