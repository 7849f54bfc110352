namespace PaliGguf.Conversion.Sources;

/// <summary>Recognizes weights that another program has quantized, whose names and types are those of no plain checkpoint.</summary>
internal static class QuantizedWeights
{
    /// <summary>What to do instead.</summary>
    public const string Advice = "quantized checkpoints are not read; convert the original one, or one that was dequantized "
        + "('model.dequantize()' and 'save_pretrained' in transformers)";

    // The more telling ones first: several programs store scales.
    private static readonly (string Part, string Program)[] Marks =
    [
        (".quant_state.bitsandbytes__", "bitsandbytes, in 4 bits"),
        (".absmax", "bitsandbytes, in 4 bits"), (".quant_map", "bitsandbytes, in 4 bits"),
        (".SCB", "bitsandbytes, in 8 bits"), (".weight_format", "bitsandbytes, in 8 bits"),
        (".g_idx", "GPTQ"), (".qzeros", "GPTQ or AWQ"), (".qweight", "GPTQ or AWQ"),
        (".weight_packed", "compressed-tensors"), (".W_q", "HQQ"), ("_weight_qdata", "torchao"), (".weight._data", "quanto"),
        (".weight_scale", "a program that stores scales beside them"),
        (".input_scale", "a program that stores scales beside them"), (".weight_scales", "EETQ"),
    ];

    /// <summary>Refuses quantized weights.</summary>
    /// <exception cref="ModelFormatException">A tensor is a part of some; the message names the program.</exception>
    public static void Refuse(Checkpoint checkpoint)
    {
        foreach ((string part, string program) in Marks)
        {
            if (checkpoint.Tensors.Keys.FirstOrDefault(name => name.Contains(part, StringComparison.Ordinal)) is { } name)
                throw Refused(checkpoint, program, name);
        }

        if (checkpoint.Tensors.FirstOrDefault(pair => pair.Key.EndsWith(".scales", StringComparison.Ordinal)
            && checkpoint.Tensors.ContainsKey(pair.Key[..^"scales".Length] + "biases")).Key is { } scales)
        {
            throw Refused(checkpoint, "MLX", scales);
        }

        (string? matrix, SourceTensor? tensor) = checkpoint.Tensors.FirstOrDefault(
            pair => pair.Key.EndsWith("_proj.weight", StringComparison.Ordinal) && IsQuantized(pair.Value.Type));
        if (tensor is not null)
        {
            throw Refused(checkpoint, $"a program that stores {tensor.Type}", matrix);
        }
    }

    private static bool IsQuantized(ElementType type) =>
        type is ElementType.F8_E4M3 or ElementType.F8_E5M2 or ElementType.U8 or ElementType.I8 or ElementType.U32;

    private static ModelFormatException Refused(Checkpoint checkpoint, string program, string tensor) =>
        new(checkpoint.Path, $"the weights were quantized by {program} (tensor {OneLine.Show(tensor)}): {Advice}");
}
