namespace PaliGguf.Cli.Inspection;

/// <summary>The part of the network that a tensor belongs to, by the ecosystem's names.</summary>
internal static class ModelPart
{
    public static string Of(string tensor)
    {
        // The factors of an adapter belong to the part that they change.
        string[] name = tensor.Replace(".lora_a", "", StringComparison.Ordinal).Replace(".lora_b", "", StringComparison.Ordinal).Split('.');
        string inBlock = name.Length > 2 ? name[^2] : "";
        return name[0] switch
        {
            "token_embd" => "token embedding",
            "output" or "output_norm" => "output",
            "blk" => "decoder " + Layer(inBlock),
            "v" when tensor.StartsWith("v.blk.", StringComparison.Ordinal) => "vision " + Layer(inBlock),
            "v" => "vision embedding and norm",
            "mm" => "projector",
            "mask" when tensor.StartsWith("mask.encoder.", StringComparison.Ordinal) => "mask encoder",
            "mask" => "mask decoder",
            _ => "other",
        };
    }

    private static string Layer(string inBlock) =>
        inBlock.Contains("norm", StringComparison.Ordinal) || inBlock.StartsWith("ln", StringComparison.Ordinal) ? "norms"
        : inBlock.StartsWith("attn", StringComparison.Ordinal) ? "attention"
        : inBlock.StartsWith("ffn", StringComparison.Ordinal) ? "feed-forward"
        : "other";
}
