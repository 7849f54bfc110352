using System.Collections.Immutable;
using PaliGguf.Gguf;

namespace PaliGguf.Tasks.Masks;

/// <summary>
/// How a vision GGUF carries the mask decoder, and perhaps the encoder: which tensors, of what shapes, under which names. The layers keep the
/// numbers that they have in the published checkpoint: "decoder.2.net.4.weight" there is "mask.2.4.weight" here, and
/// "encoder.8.net.4.weight" is "mask.encoder.8.4.weight".
/// </summary>
internal static class MaskLayout
{
    /// <summary>The metadata key that says a file has a mask decoder; its value is <see cref="Version"/>.</summary>
    public const string VersionKey = "paligguf.mask_decoder.version";

    public const uint Version = 1;

    /// <summary>The metadata key that says a file has a mask encoder too; its value is <see cref="Version"/>.</summary>
    public const string EncoderVersionKey = "paligguf.mask_encoder.version";

    /// <summary>What the names of all its tensors begin with.</summary>
    public const string Prefix = "mask.";

    public const string Codebook = Prefix + "codebook";

    /// <summary>The entries of the codebook: the numbers that the tokens <c>&lt;seg000&gt;</c> to <c>&lt;seg127&gt;</c> stand for.</summary>
    public const int CodebookLength = 128;

    /// <summary>The length of a codebook entry.</summary>
    public const int CodeLength = 512;

    /// <summary>The width of the layers at 4 x 4.</summary>
    public const int Width = 128;

    /// <summary>The decoder's layers in the order of the computation.</summary>
    public static ImmutableArray<MaskLayer> Layers { get; } =
    [
        new("0", Width, CodeLength, 1, Transposed: false),
        new("2.0", Width, Width, 3, Transposed: false),
        new("2.2", Width, Width, 3, Transposed: false),
        new("2.4", Width, Width, 1, Transposed: false),
        new("3.0", Width, Width, 3, Transposed: false),
        new("3.2", Width, Width, 3, Transposed: false),
        new("3.4", Width, Width, 1, Transposed: false),
        new("4", 128, Width, 4, Transposed: true),
        new("6", 64, 128, 4, Transposed: true),
        new("8", 32, 64, 4, Transposed: true),
        new("10", 16, 32, 4, Transposed: true),
        new("12", 1, 16, 1, Transposed: false),
    ];

    /// <summary>The encoder's layers in the order of the computation; those of a kernel of 4 halve the plane: stride 2, padding 1.</summary>
    public static ImmutableArray<MaskLayer> EncoderLayers { get; } =
    [
        new("encoder.0", 16, 1, 4, Transposed: false),
        new("encoder.2", 32, 16, 4, Transposed: false),
        new("encoder.4", 64, 32, 4, Transposed: false),
        new("encoder.6", Width, 64, 4, Transposed: false),
        new("encoder.8.0", Width, Width, 3, Transposed: false),
        new("encoder.8.2", Width, Width, 3, Transposed: false),
        new("encoder.8.4", Width, Width, 1, Transposed: false),
        new("encoder.9.0", Width, Width, 3, Transposed: false),
        new("encoder.9.2", Width, Width, 3, Transposed: false),
        new("encoder.9.4", Width, Width, 1, Transposed: false),
        new("encoder.10", CodeLength, Width, 1, Transposed: false),
    ];

    /// <summary>
    /// The tensors as they must be in a GGUF file, of the decoder or of the encoder; both need the codebook. They are 32-bit floats, for a
    /// mask is one rounding error away from another one at every pixel of its outline; codebook and weights may be of 16 or 8 bits.
    /// </summary>
    public static IEnumerable<ExpectedTensor> Tensors(IEnumerable<MaskLayer> layers)
    {
        yield return new(Codebook, [CodeLength, CodebookLength], Plain: true, OrSmaller: true);
        foreach (MaskLayer layer in layers)
        {
            yield return new(layer.Weight, [.. layer.Shape.Reverse()], Plain: true, OrSmaller: true);
            yield return new(layer.Bias, [layer.Out], Plain: true);
        }
    }

    /// <summary>Whether a file has a half of the network.</summary>
    /// <param name="file">A vision GGUF.</param>
    /// <param name="versionKey">Which half.</param>
    /// <param name="layers">Its layers.</param>
    /// <exception cref="ModelFormatException">It has one, but not one that this version knows, or not a whole one.</exception>
    public static bool IsIn(GgufFile file, string versionKey, IEnumerable<MaskLayer> layers)
    {
        if (!file.Metadata.Contains(versionKey)) return false;
        uint version = file.Metadata.GetUInt32(versionKey);
        file.Require(version == Version, $"{versionKey} is {version}; this version of PaliGguf knows {Version}.");
        file.RequireTensors(Tensors(layers));
        return true;
    }

    /// <summary>Reads tensors of a file by their names.</summary>
    public static Func<string, float[]> ReaderOf(GgufFile file) => name =>
    {
        GgufTensor stored = file.GetTensor(name);
        byte[] bytes = new byte[stored.ByteLength];
        file.CopyTo(stored, 0, bytes);
        float[] values = new float[stored.RowLength * stored.RowCount];
        StoredFloats.Read(stored.Type, bytes, values);
        return values;
    };
}

/// <summary>A convolution of the mask decoder or encoder.</summary>
/// <param name="Name">Its place in the network: "0", "2.4", "encoder.10".</param>
/// <param name="Out">Channels that it makes.</param>
/// <param name="In">Channels that it takes.</param>
/// <param name="Kernel">The side of its kernel.</param>
/// <param name="Transposed">Whether it doubles the plane: stride 2, padding 1.</param>
internal sealed record MaskLayer(string Name, int Out, int In, int Kernel, bool Transposed)
{
    public string Weight => $"{MaskLayout.Prefix}{Name}.weight";

    public string Bias => $"{MaskLayout.Prefix}{Name}.bias";

    /// <summary>The shape of its weight, outermost dimension first: a transposed convolution has the channels that it takes first.</summary>
    public ImmutableArray<long> Shape => Transposed ? [In, Out, Kernel, Kernel] : [Out, In, Kernel, Kernel];
}
