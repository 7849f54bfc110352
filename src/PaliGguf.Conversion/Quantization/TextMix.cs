namespace PaliGguf.Conversion.Quantization;

/// <summary>A type for the layers of a range.</summary>
internal sealed record LayerType(GgmlType Type, LayerRange Range = LayerRange.All);

/// <summary>Which types a file type gives to a decoder's matrices. The later of two rules for one matrix counts only where the earlier has no say.</summary>
/// <param name="Base">Whatever no rule is for.</param>
/// <param name="Embedding">The token embedding, which is the output matrix as well.</param>
internal sealed record TextMix(GgmlType Base, GgmlType Embedding)
{
    /// <summary>The attention's values, the most sensitive matrices.</summary>
    public IReadOnlyList<LayerType> Values { get; init; } = [];

    /// <summary>In place of <see cref="Values"/> where four or more query heads share a value head: there the matrix is small.</summary>
    public GgmlType? SharedValues { get; init; }

    /// <summary>The way out of the MLP, the next most sensitive ones.</summary>
    public IReadOnlyList<LayerType> Down { get; init; } = [];

    /// <summary>In place of <see cref="Down"/> with an importance matrix, which tames it: then <see cref="Base"/> does.</summary>
    public bool DownOnlyUnweighted { get; init; }

    /// <summary>The attention's output.</summary>
    public GgmlType? AttentionOutput { get; init; }

    /// <summary>Queries and keys, the least sensitive ones.</summary>
    public GgmlType? QueryKey { get; init; }

    /// <summary>The way into the MLP.</summary>
    public LayerType? GateUp { get; init; }

    /// <summary>
    /// The mixes. Which matrices get more bits, and where, follows llama.cpp's quantizer (<c>llama_tensor_get_type_impl</c> in src/llama-quant.cpp), with layer ranges
    /// in eighths throughout. The embedding does not: see docs/quantization.md for what was measured.
    /// </summary>
    public static TextMix Of(ModelFileType type) => type switch
    {
        ModelFileType.F32 => new(GgmlType.F32, GgmlType.F32),
        ModelFileType.F16 => new(GgmlType.F16, GgmlType.F16),
        ModelFileType.BF16 => new(GgmlType.BF16, GgmlType.BF16),
        ModelFileType.Q8_0 => new(GgmlType.Q8_0, GgmlType.Q8_0),
        ModelFileType.Q4_0 => new(GgmlType.Q4_0, GgmlType.Q8_0),
        ModelFileType.Q4_1 => new(GgmlType.Q4_1, GgmlType.Q8_0),
        ModelFileType.Q5_0 => new(GgmlType.Q5_0, GgmlType.Q8_0),
        ModelFileType.Q5_1 => new(GgmlType.Q5_1, GgmlType.Q8_0),
        ModelFileType.Q6_K => new(GgmlType.Q6_K, GgmlType.Q8_0),
        ModelFileType.Q5_K_S => new(GgmlType.Q5_K, GgmlType.Q8_0),
        ModelFileType.Q5_K_M => new(GgmlType.Q5_K, GgmlType.Q8_0)
        {
            Values = [new(GgmlType.Q6_K, LayerRange.Half)],
            Down = [new(GgmlType.Q6_K, LayerRange.Half)],
        },
        ModelFileType.Q4_K_S => new(GgmlType.Q4_K, GgmlType.Q8_0)
        {
            Values = [new(GgmlType.Q5_K, LayerRange.First)],
            Down = [new(GgmlType.Q5_K, LayerRange.First)],
        },
        ModelFileType.Q4_K_M => new(GgmlType.Q4_K, GgmlType.Q8_0)
        {
            Values = [new(GgmlType.Q6_K, LayerRange.Half)],
            Down = [new(GgmlType.Q6_K, LayerRange.Half)],
        },
        ModelFileType.IQ4_NL => FourBits(GgmlType.IQ4_NL),
        ModelFileType.IQ4_XS => FourBits(GgmlType.IQ4_XS),
        ModelFileType.MXFP4 => new(GgmlType.MXFP4, GgmlType.Q8_0),
        ModelFileType.NVFP4 => new(GgmlType.NVFP4, GgmlType.Q8_0),
        ModelFileType.Q3_K_S => new(GgmlType.Q3_K, GgmlType.Q6_K),
        ModelFileType.Q3_K_M => new(GgmlType.Q3_K, GgmlType.Q6_K)
        {
            Values = [new(GgmlType.Q5_K, LayerRange.First), new(GgmlType.Q4_K)],
            Down = [new(GgmlType.Q5_K, LayerRange.First), new(GgmlType.Q4_K)],
            AttentionOutput = GgmlType.Q4_K,
        },
        ModelFileType.Q3_K_L => new(GgmlType.Q3_K, GgmlType.Q6_K)
        {
            Values = [new(GgmlType.Q5_K)],
            Down = [new(GgmlType.Q5_K)],
            AttentionOutput = GgmlType.Q5_K,
        },
        ModelFileType.IQ3_S => new(GgmlType.IQ3_S, GgmlType.Q6_K) { SharedValues = GgmlType.Q4_K },
        ModelFileType.IQ3_M => new(GgmlType.IQ3_S, GgmlType.Q6_K)
        {
            Values = [new(GgmlType.Q4_K)],
            Down = [new(GgmlType.Q4_K, LayerRange.First)],
            AttentionOutput = GgmlType.Q4_K,
        },
        ModelFileType.IQ3_XS => new(GgmlType.IQ3_S, GgmlType.Q6_K)
        {
            SharedValues = GgmlType.Q4_K,
            QueryKey = GgmlType.IQ3_XXS,
            GateUp = new(GgmlType.IQ3_XXS, LayerRange.Middle),
        },
        ModelFileType.IQ3_XXS => new(GgmlType.IQ3_XXS, GgmlType.Q5_K)
        {
            Values = [new(GgmlType.IQ3_S)],
            SharedValues = GgmlType.Q4_K,
            Down = [new(GgmlType.Q4_K, LayerRange.First), new(GgmlType.Q3_K)],
            DownOnlyUnweighted = true,
            AttentionOutput = GgmlType.IQ3_S,
            QueryKey = GgmlType.IQ2_S,
        },
        ModelFileType.Q2_K => new(GgmlType.Q2_K, GgmlType.Q6_K)
        {
            Values = [new(GgmlType.Q3_K)],
            SharedValues = GgmlType.Q4_K,
            Down = [new(GgmlType.Q3_K)],
            AttentionOutput = GgmlType.Q3_K,
        },
        ModelFileType.Q2_K_S => new(GgmlType.Q2_K, GgmlType.Q6_K) { SharedValues = GgmlType.Q4_K, Down = [new(GgmlType.Q4_K, LayerRange.First)] },
        ModelFileType.IQ2_M => TwoBits(GgmlType.IQ2_S, GgmlType.IQ3_S) with { AttentionOutput = GgmlType.IQ3_S },
        ModelFileType.IQ2_S => TwoBits(GgmlType.IQ2_XS, GgmlType.IQ3_S) with { AttentionOutput = GgmlType.IQ3_S },
        ModelFileType.IQ2_XS => TwoBits(GgmlType.IQ2_XS, GgmlType.Q2_K),
        ModelFileType.IQ2_XXS => TwoBits(GgmlType.IQ2_XXS, GgmlType.Q2_K),
        ModelFileType.IQ1_M => TwoBits(GgmlType.IQ1_M, GgmlType.Q2_K) with { AttentionOutput = GgmlType.IQ2_XXS },
        ModelFileType.IQ1_S => TwoBits(GgmlType.IQ1_S, GgmlType.Q2_K) with { AttentionOutput = GgmlType.IQ2_XXS },
        ModelFileType.TQ1_0 => new(GgmlType.TQ1_0, GgmlType.Q6_K),
        ModelFileType.TQ2_0 => new(GgmlType.TQ2_0, GgmlType.Q6_K),
        ModelFileType.Q1_0 => new(GgmlType.Q1_0, GgmlType.Q6_K),
        ModelFileType.Q2_0 => new(GgmlType.Q2_0, GgmlType.Q6_K),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown file type."),
    };

    private static TextMix FourBits(GgmlType type) => new(type, GgmlType.Q8_0)
    {
        SharedValues = GgmlType.Q5_K,
        Down = [new(GgmlType.Q5_K, LayerRange.First)],
        DownOnlyUnweighted = true,
    };

    private static TextMix TwoBits(GgmlType type, GgmlType more) => new(type, GgmlType.Q5_K)
    {
        Values = [new(more)],
        SharedValues = GgmlType.Q4_K,
        Down = [new(more, LayerRange.First)],
    };
}
