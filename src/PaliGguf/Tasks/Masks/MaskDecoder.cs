using System.Buffers;
using System.Numerics.Tensors;
using PaliGguf.Gguf;

namespace PaliGguf.Tasks.Masks;

/// <summary>
/// Turns the sixteen codewords of a <c>segment</c> answer into a mask: the decoder half of the VQ-VAE that PaliGemma's masks were encoded with.
/// Immutable; safe for use by several threads.
/// </summary>
public sealed class MaskDecoder
{
    /// <summary>The side of a decoded mask, in cells.</summary>
    public const int Side = 64;

    /// <summary>The codewords of a mask: a grid of 4 x 4, row by row.</summary>
    public const int Codewords = 16;

    /// <summary>The number of different codewords.</summary>
    public const int CodebookLength = MaskLayout.CodebookLength;

    internal const int GridSide = 4;

    private const int GridPlane = (GridSide + 2) * (GridSide + 2) * MaskLayout.Width;

    private readonly float[] _codebook;
    private readonly MaskResidualBlock[] _residualBlocks;
    private readonly MaskUpsampling[] _upsamplings;
    private readonly float[] _finalWeight;
    private readonly float _finalBias;

    private MaskDecoder(Func<string, float[]> tensor)
    {
        MaskLayer[] layers = [.. MaskLayout.Layers];
        _codebook = ProjectCodebook(tensor(MaskLayout.Codebook), layers[0], tensor);
        _residualBlocks = [new MaskResidualBlock(layers.AsSpan(1, 3), tensor), new MaskResidualBlock(layers.AsSpan(4, 3), tensor)];
        _upsamplings = [.. layers.Where(layer => layer.Transposed).Select(layer => new MaskUpsampling(layer, tensor(layer.Weight), tensor(layer.Bias)))];
        _finalWeight = tensor(layers[^1].Weight);
        _finalBias = tensor(layers[^1].Bias)[0];
    }

    /// <summary>Reads the mask decoder of a vision GGUF.</summary>
    /// <param name="visionPath">The file.</param>
    /// <returns>The decoder, or null if the file has none.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file is malformed, or its decoder is not one that this version knows.</exception>
    public static MaskDecoder? Read(string visionPath)
    {
        using GgufFile file = GgufFile.Open(visionPath);
        return Read(file);
    }

    /// <summary>Reads the mask decoder of the vision GGUF that has a name now, if that is still the same file.</summary>
    /// <exception cref="ModelChangedException">It is not.</exception>
    internal static MaskDecoder? Read(string visionPath, FileStamp stamp)
    {
        using GgufFile file = GgufFile.Open(visionPath);
        stamp.Require(visionPath, file.Stamp);
        return Read(file);
    }

    private static MaskDecoder? Read(GgufFile file) => IsIn(file) ? new MaskDecoder(MaskLayout.ReaderOf(file)) : null;

    /// <summary>Whether a vision file has a mask decoder.</summary>
    /// <exception cref="ModelFormatException">It has one, but not one that this version knows, or not a whole one.</exception>
    internal static bool IsIn(GgufFile file) => MaskLayout.IsIn(file, MaskLayout.VersionKey, MaskLayout.Layers);

    /// <summary>Decodes a mask.</summary>
    /// <param name="codewords">Sixteen numbers from 0 to 127: a grid of 4 x 4, row by row.</param>
    /// <returns>64 x 64 logits, row by row, over the whole of the instance's box: positive inside the mask.</returns>
    /// <exception cref="ArgumentException">There are not sixteen codewords, or one is out of range.</exception>
    public float[] Decode(ReadOnlySpan<int> codewords)
    {
        float[] logits = new float[Side * Side];
        Decode(codewords, logits);
        return logits;
    }

    /// <summary>Decodes a mask without allocating.</summary>
    /// <param name="codewords">Sixteen numbers from 0 to 127: a grid of 4 x 4, row by row.</param>
    /// <param name="logits">Receives 64 x 64 logits, row by row: positive inside the mask.</param>
    /// <exception cref="ArgumentException">There are not sixteen codewords, or one is out of range, or not room for the logits.</exception>
    public void Decode(ReadOnlySpan<int> codewords, Span<float> logits)
    {
        if (codewords.Length != Codewords) throw new ArgumentException($"A mask has {Codewords} codewords, not {codewords.Length}.", nameof(codewords));
        if (codewords.ContainsAnyExceptInRange(0, CodebookLength - 1)) throw new ArgumentException($"A codeword is not between 0 and {CodebookLength - 1}.", nameof(codewords));
        if (logits.Length != Side * Side) throw new ArgumentException($"A mask has {Side * Side} logits, not {logits.Length}.", nameof(logits));

        int largest = Plane(Side, 16);
        int second = Plane(Side / 2, 32);
        float[] memory = ArrayPool<float>.Shared.Rent(largest + second + GridPlane);
        try
        {
            Decode(codewords, memory.AsSpan(0, largest), memory.AsSpan(largest, second), memory.AsSpan(largest + second, GridPlane), logits);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(memory);
        }
    }

    private void Decode(ReadOnlySpan<int> codewords, Span<float> plane, Span<float> other, Span<float> third, Span<float> logits)
    {
        plane[..GridPlane].Clear();
        other[..GridPlane].Clear();
        third.Clear();
        for (int cell = 0; cell < Codewords; cell++)
        {
            int pixel = (((cell / GridSide) + 1) * (GridSide + 2)) + (cell % GridSide) + 1;
            _codebook.AsSpan(codewords[cell] * MaskLayout.Width, MaskLayout.Width).CopyTo(plane[(pixel * MaskLayout.Width)..]);
        }

        foreach (MaskResidualBlock block in _residualBlocks) block.Apply(plane, GridSide, other, third);

        int side = GridSide;
        foreach (MaskUpsampling upsampling in _upsamplings)
        {
            other[..Plane(2 * side, upsampling.ChannelsOut)].Clear();
            upsampling.Apply(plane, side, other);
            side *= 2;
            Span<float> made = other;
            other = plane;
            plane = made;
        }

        int channels = _finalWeight.Length;
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                int pixel = ((y + 1) * (Side + 2)) + x + 1;
                logits[(y * Side) + x] = TensorPrimitives.Dot(plane.Slice(pixel * channels, channels), _finalWeight) + _finalBias;
            }
        }
    }

    private static int Plane(int side, int channels) => (side + 2) * (side + 2) * channels;

    // The first layer sees one codeword at a time, so its results are as many as there are codewords.
    private static float[] ProjectCodebook(float[] codebook, MaskLayer layer, Func<string, float[]> tensor)
    {
        float[] weight = tensor(layer.Weight);
        float[] bias = tensor(layer.Bias);
        float[] projected = new float[CodebookLength * layer.Out];
        for (int code = 0; code < CodebookLength; code++)
        {
            ReadOnlySpan<float> entry = codebook.AsSpan(code * layer.In, layer.In);
            for (int channel = 0; channel < layer.Out; channel++)
            {
                projected[(code * layer.Out) + channel] = MathF.Max(0, TensorPrimitives.Dot(entry, weight.AsSpan(channel * layer.In, layer.In)) + bias[channel]);
            }
        }

        return projected;
    }
}
