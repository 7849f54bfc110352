using System.Buffers;
using System.Numerics.Tensors;
using PaliGguf.Gguf;

namespace PaliGguf.Tasks.Masks;

/// <summary>
/// Turns a mask into the sixteen codewords that a model is trained to answer with: the encoder half of the VQ-VAE whose other half is
/// <see cref="MaskDecoder"/>. Immutable; safe for use by several threads.
/// </summary>
public sealed class MaskEncoder
{
    private const int LargestPlane = (MaskDecoder.Side + 2) * (MaskDecoder.Side + 2);
    private const int SecondPlane = ((MaskDecoder.Side / 2) + 2) * ((MaskDecoder.Side / 2) + 2) * 16;
    private const int GridPlane = (MaskDecoder.GridSide + 2) * (MaskDecoder.GridSide + 2);

    private readonly MaskConvolution[] _halvings;
    private readonly MaskResidualBlock[] _residualBlocks;
    private readonly MaskConvolution _last;
    private readonly float[] _codebook;

    /// <param name="tensor">Gives a tensor by its name in <see cref="MaskLayout"/>.</param>
    internal MaskEncoder(Func<string, float[]> tensor)
    {
        MaskLayer[] layers = [.. MaskLayout.EncoderLayers];
        _halvings = [.. layers[..4].Select(layer => MaskConvolution.Of(layer, tensor))];
        _residualBlocks = [new MaskResidualBlock(layers.AsSpan(4, 3), tensor), new MaskResidualBlock(layers.AsSpan(7, 3), tensor)];
        _last = MaskConvolution.Of(layers[^1], tensor);
        _codebook = tensor(MaskLayout.Codebook);
    }

    /// <summary>Reads the mask encoder of a vision GGUF.</summary>
    /// <param name="visionPath">The file.</param>
    /// <returns>The encoder, or null if the file has none.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file is malformed, or its encoder is not one that this version knows.</exception>
    public static MaskEncoder? Read(string visionPath)
    {
        using GgufFile file = GgufFile.Open(visionPath);
        return IsIn(file) ? new MaskEncoder(MaskLayout.ReaderOf(file)) : null;
    }

    /// <summary>Whether a vision file has a mask encoder.</summary>
    /// <exception cref="ModelFormatException">It has one, but not one that this version knows, or not a whole one.</exception>
    internal static bool IsIn(GgufFile file) => MaskLayout.IsIn(file, MaskLayout.EncoderVersionKey, MaskLayout.EncoderLayers);

    /// <summary>Encodes the part of a mask in a box.</summary>
    /// <param name="mask">The mask of the whole picture.</param>
    /// <param name="box">The box, which is cut to whole pixels; usually <see cref="MaskBitmap.Bounds"/>.</param>
    /// <returns>Sixteen numbers from 0 to 127: a grid of 4 x 4, row by row.</returns>
    /// <exception cref="ArgumentException">The box has no whole pixel in the mask, or a side is not a number.</exception>
    public int[] Encode(MaskBitmap mask, NormalizedBox box)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return Encode(MaskCrop.Of(mask, box));
    }

    /// <summary>Encodes 64 x 64 numbers from 0 (outside) to 1, row by row.</summary>
    internal int[] Encode(ReadOnlySpan<float> crop)
    {
        float[] memory = ArrayPool<float>.Shared.Rent(LargestPlane + (2 * SecondPlane) + (GridPlane * (MaskLayout.CodeLength + MaskLayout.Width)));
        try
        {
            Span<float> free = memory;
            Span<float> picture = Take(ref free, LargestPlane), plane = Take(ref free, SecondPlane), other = Take(ref free, SecondPlane);
            Span<float> third = Take(ref free, GridPlane * MaskLayout.Width), codes = Take(ref free, GridPlane * MaskLayout.CodeLength);
            for (int y = 0; y < MaskDecoder.Side; y++)
            {
                for (int x = 0; x < MaskDecoder.Side; x++)
                    picture[((y + 1) * (MaskDecoder.Side + 2)) + x + 1] = 2 * (crop[(y * MaskDecoder.Side) + x] - 0.5f);
            }

            int side = MaskDecoder.Side;
            ReadOnlySpan<float> source = picture;
            foreach (MaskConvolution halving in _halvings)
            {
                plane.Clear();
                halving.Apply(source, side, plane);
                side /= 2;
                source = plane;
                Span<float> made = plane;
                plane = other;
                other = made;
            }

            // The last made is in the other one, after the exchange.
            plane.Clear();
            foreach (MaskResidualBlock block in _residualBlocks) block.Apply(other, side, plane, third);
            _last.Apply(other, side, codes, residual: true);
            int[] codewords = new int[MaskDecoder.Codewords];
            for (int cell = 0; cell < codewords.Length; cell++)
            {
                int pixel = ((cell / side) + 1) * (side + 2) + (cell % side) + 1;
                codewords[cell] = Nearest(codes.Slice(pixel * MaskLayout.CodeLength, MaskLayout.CodeLength));
            }

            return codewords;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(memory);
        }
    }

    private static Span<float> Take(ref Span<float> free, int length)
    {
        Span<float> taken = free[..length];
        taken.Clear();
        free = free[length..];
        return taken;
    }

    private int Nearest(ReadOnlySpan<float> code)
    {
        int nearest = 0;
        float least = float.PositiveInfinity;
        for (int entry = 0; entry < MaskLayout.CodebookLength; entry++)
        {
            float distance = TensorPrimitives.Distance(code, _codebook.AsSpan(entry * MaskLayout.CodeLength, MaskLayout.CodeLength));
            if (distance >= least) continue;
            least = distance;
            nearest = entry;
        }

        return nearest;
    }
}
