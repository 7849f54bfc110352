using System.Numerics.Tensors;
using PaliGguf.Vision;

namespace PaliGguf.Tasks.Masks;

/// <summary>Resizes the logits of a mask and asks where they are positive.</summary>
internal static class MaskResampling
{
    private const float WeightUnit = 1f / (1 << ResamplingWeights.FractionBits);

    /// <summary>The mask at a size in pixels: bilinear, averaging over all cells that a pixel covers when it is made smaller.</summary>
    public static MaskBitmap Threshold(ReadOnlySpan<float> logits, int width, int height)
    {
        byte[] pixels = MaskBitmap.Allocate(width, height);
        float[] stretched = StretchRows(logits, new ResamplingWeights(MaskDecoder.Side, width, Interpolation.Bilinear));
        ResamplingWeights rows = new(MaskDecoder.Side, height, Interpolation.Bilinear);
        float[] sum = new float[width];
        for (int y = 0; y < height; y++)
        {
            sum.AsSpan().Clear();
            int source = rows.Start(y);
            foreach (int weight in rows.Of(y)) TensorPrimitives.MultiplyAdd(stretched.AsSpan(source++ * width, width), weight * WeightUnit, sum, sum);
            Span<byte> row = pixels.AsSpan(y * width, width);
            for (int x = 0; x < width; x++) row[x] = sum[x] > 0 ? (byte)1 : (byte)0;
        }

        return new MaskBitmap(width, height, pixels);
    }

    private static float[] StretchRows(ReadOnlySpan<float> logits, ResamplingWeights columns)
    {
        int width = columns.Count;
        float[] stretched = new float[checked(MaskDecoder.Side * width)];
        for (int x = 0; x < width; x++)
        {
            int start = columns.Start(x);
            ReadOnlySpan<int> weights = columns.Of(x);
            for (int y = 0; y < MaskDecoder.Side; y++)
            {
                float sum = 0;
                for (int i = 0; i < weights.Length; i++) sum += logits[(y * MaskDecoder.Side) + start + i] * (weights[i] * WeightUnit);
                stretched[(y * width) + x] = sum;
            }
        }

        return stretched;
    }
}
