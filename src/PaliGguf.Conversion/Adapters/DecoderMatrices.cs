namespace PaliGguf.Conversion.Adapters;

/// <summary>The matrices of the decoder's layers, which are what a run-time adapter can change.</summary>
internal static class DecoderMatrices
{
    private const string Layers = "text.layers.";

    /// <summary>The name that a matrix has in GGUF.</summary>
    /// <param name="shortName">The matrix under its short name: "text.layers.3.self_attn.q_proj.weight".</param>
    /// <returns>"blk.3.attn_q.weight"; null if it is not a matrix of a decoder layer.</returns>
    public static string? GgufName(string shortName)
    {
        if (!shortName.StartsWith(Layers, StringComparison.Ordinal)) return null;
        string rest = shortName[Layers.Length..];
        int dot = rest.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || rest.AsSpan(0, dot).ContainsAnyExceptInRange('0', '9')) return null;
        string? matrix = rest[(dot + 1)..] switch
        {
            "self_attn.q_proj.weight" => "attn_q",
            "self_attn.k_proj.weight" => "attn_k",
            "self_attn.v_proj.weight" => "attn_v",
            "self_attn.o_proj.weight" => "attn_output",
            "mlp.gate_proj.weight" => "ffn_gate",
            "mlp.up_proj.weight" => "ffn_up",
            "mlp.down_proj.weight" => "ffn_down",
            _ => null,
        };
        return matrix is null ? null : $"blk.{rest[..dot]}.{matrix}.weight";
    }
}
