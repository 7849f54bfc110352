using System.Text.Json;

namespace PaliGguf.Conversion.Configuration;

/// <summary>The decoder's generation: Gemma in PaliGemma, Gemma 2 in PaliGemma 2.</summary>
internal enum GemmaGeneration
{
    Gemma,
    Gemma2,
}

/// <summary>The decoder as <c>text_config</c> describes it, with the defaults of its model type for whatever is omitted.</summary>
internal sealed record TextConfig
{
    public required GemmaGeneration Generation { get; init; }

    public required int VocabularySize { get; init; }

    public required int HiddenSize { get; init; }

    public required int IntermediateSize { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int KeyValueHeads { get; init; }

    public required int HeadSize { get; init; }

    public required int ContextLength { get; init; }

    public required float NormEpsilon { get; init; }

    public required float RopeBase { get; init; }

    /// <summary>Gemma 2 only: the window of every other layer, null for none.</summary>
    public int? SlidingWindow { get; init; }

    public float AttentionSoftCap { get; init; }

    public float FinalSoftCap { get; init; }

    public static TextConfig Read(ConfigSection text, int? outerVocabularySize)
    {
        text.RequireOneOf("model_type", "gemma", "gemma2");
        bool second = text.Text("model_type") == "gemma2";
        CheckUnsupported(text, second);
        TextConfig config = new()
        {
            Generation = second ? GemmaGeneration.Gemma2 : GemmaGeneration.Gemma,
            VocabularySize = text.OptionalInteger("vocab_size", most: 1 << 22) ?? outerVocabularySize ?? 256_000,
            HiddenSize = text.Integer("hidden_size", second ? 2304 : 3072),
            IntermediateSize = text.Integer("intermediate_size", second ? 9216 : 24576),
            Layers = text.Integer("num_hidden_layers", second ? 26 : 28, most: 512),
            Heads = text.Integer("num_attention_heads", second ? 8 : 16, most: 1024),
            KeyValueHeads = text.Integer("num_key_value_heads", second ? 4 : 16, most: 1024),
            HeadSize = text.Integer("head_dim", 256, most: 4096),
            ContextLength = text.Integer("max_position_embeddings", 8192, most: int.MaxValue),
            NormEpsilon = (float)text.PositiveNumber("rms_norm_eps", 1e-6),
            RopeBase = ReadRopeBase(text),
            SlidingWindow = second && !text.IsNull("sliding_window") ? text.Integer("sliding_window", 4096, most: int.MaxValue) : null,
            AttentionSoftCap = second ? ReadSoftCap(text, "attn_logit_softcapping", 50) : 0,
            FinalSoftCap = second ? ReadSoftCap(text, "final_logit_softcapping", 30) : 0,
        };
        if (config.Heads % config.KeyValueHeads != 0)
        {
            throw text.Unsupported("num_key_value_heads", $"{config.KeyValueHeads}", $"a divisor of num_attention_heads, {config.Heads}");
        }

        CheckQueryScale(text, config);
        if (second) CheckLayerTypes(text);
        return config;
    }

    // GGUF has no key for the scale: the library derives it from the sizes by this rule.
    private static void CheckQueryScale(ConfigSection text, TextConfig config)
    {
        double derived = config is { Generation: GemmaGeneration.Gemma2, Layers: 46 } ? (double)config.HiddenSize / config.Heads : config.HeadSize;
        double fallback = config.Generation == GemmaGeneration.Gemma2 ? 256 : derived;
        double own = text.PositiveNumber("query_pre_attn_scalar", fallback);
        if (own != derived) throw text.Unsupported("query_pre_attn_scalar", $"{own}", $"{derived}, which follows from the sizes");
    }

    // The library slides the window on layers 0, 2, 4 and so on; no key tells otherwise.
    private static void CheckLayerTypes(ConfigSection text)
    {
        IReadOnlyList<JsonElement> types = text.Array("layer_types") ?? [];
        for (int layer = 0; layer < types.Count; layer++)
        {
            string expected = layer % 2 == 0 ? "sliding_attention" : "full_attention";
            if (types[layer].ValueKind == JsonValueKind.String && types[layer].ValueEquals(expected)) continue;
            throw text.Unsupported($"layer_types[{layer}]", types[layer].GetRawText(), expected);
        }
    }

    private static float ReadSoftCap(ConfigSection text, string key, double fallback) =>
        text.IsNull(key) ? throw text.Unsupported(key, "null", "a number") : (float)text.PositiveNumber(key, fallback);

    private static float ReadRopeBase(ConfigSection text)
    {
        if (text.Section("rope_scaling") is { } scaling && (scaling.Text("rope_type") ?? scaling.Text("type")) is var type and not "default")
        {
            throw scaling.Unsupported("rope_type", type ?? "missing", "default");
        }

        text.RequireNeutral("partial_rotary_factor", 1, "only a part of each head would be rotated, which is not supported");
        double theta = text.PositiveNumber("rope_theta", 10_000);
        if (text.Section("rope_parameters") is not { } parameters) return (float)theta;
        parameters.RequireOneOf("rope_type", "default");
        parameters.RequireNeutral("partial_rotary_factor", 1, "only a part of each head would be rotated, which is not supported");
        parameters.RequireNeutral("factor", 1, "scaled rotary embeddings are not supported");
        foreach (string kind in new[] { "sliding_attention", "full_attention" })
            parameters.RequireNone(kind, "rotary embeddings that differ between layers are not supported");
        return (float)parameters.PositiveNumber("rope_theta", theta);
    }

    private static void CheckUnsupported(ConfigSection text, bool second)
    {
        text.RequireFlag("attention_bias", false);
        text.RequireFlag("use_bidirectional_attention", true);
        text.RequireOneOf("hidden_activation", "gelu_pytorch_tanh", "gelu_tanh", "gelu_new", "gelu_fast");

        // Gemma2Config reads hidden_activation alone. Of GemmaConfig, older releases read that one and newer ones hidden_act, which said
        // "gelu" by mistake in the first Gemma: the tanh form is what it was trained with.
        if (second) text.Ignore("hidden_act");
        else text.RequireOneOf("hidden_act", "gelu_pytorch_tanh", "gelu_tanh", "gelu_new", "gelu_fast", "gelu");
        if (!second)
            text.Ignore("query_pre_attn_scalar", "sliding_window", "attn_logit_softcapping", "final_logit_softcapping", "layer_types");
    }
}
