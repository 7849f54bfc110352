using System.Text.RegularExpressions;

namespace PaliGguf.Conversion.Adapters;

/// <summary>What a tensor of an adapter file is.</summary>
internal enum PeftTensorKind
{
    /// <summary>The first factor of a module: rank x inputs.</summary>
    A,

    /// <summary>The second factor of a module: outputs x rank.</summary>
    B,

    /// <summary>A tensor of the model itself, which replaces the checkpoint's.</summary>
    Saved,

    /// <summary>A part of something else than plain LoRA.</summary>
    Unsupported,
}

/// <summary>
/// A tensor's name in <c>adapter_model.safetensors</c>: <c>base_model.model.MODULE.lora_A.weight</c>, where older releases leave the adapter's own name in
/// (<c>lora_A.default.weight</c>).
/// </summary>
/// <param name="Kind">What the tensor is.</param>
/// <param name="Target">The module's path in the model; for a saved tensor its own name there.</param>
internal readonly partial record struct PeftTensorName(PeftTensorKind Kind, string Target)
{
    private const string Prefix = "base_model.model.";
    private const int LongestName = 512;

    /// <summary>Takes a name apart.</summary>
    /// <returns>Null if it is not one that PEFT gives to a tensor of such a model.</returns>
    public static PeftTensorName? Parse(string name)
    {
        if (name.Length > LongestName || !name.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        string rest = name[Prefix.Length..];
        if (Factor().Match(rest) is { Success: true } factor)
        {
            return new PeftTensorName(factor.Groups["which"].ValueSpan is "A" ? PeftTensorKind.A : PeftTensorKind.B, factor.Groups["module"].Value);
        }

        if (OtherPart().IsMatch(rest)) return new PeftTensorName(PeftTensorKind.Unsupported, rest);
        string saved = Wrapper().Replace(rest, ".");
        return saved.Length == 0 ? null : new PeftTensorName(PeftTensorKind.Saved, saved);
    }

    [GeneratedRegex(@"^(?<module>.+)\.lora_(?<which>[AB])(\.[^.]+)?\.weight$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Factor();

    [GeneratedRegex(@"(^|\.)(lora_|trainable_tokens_)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex OtherPart();

    // "projector.modules_to_save.default.weight" and "q_proj.base_layer.bias" are the model's "projector.weight" and "q_proj.bias".
    [GeneratedRegex(@"\.(base_layer|modules_to_save(\.[^.]+(?=\.))?)\.", RegexOptions.ExplicitCapture)]
    private static partial Regex Wrapper();
}
