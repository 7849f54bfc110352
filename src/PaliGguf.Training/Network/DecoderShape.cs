using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Training.Network;

/// <summary>The sizes and constants of a decoder.</summary>
internal sealed record DecoderShape
{
    // llama.cpp's own, for files without the keys.
    private const float AttentionCap = 50, FinalCap = 30;
    private const uint Window = 4096;
    private const int LayersOf27B = 46;

    public required bool IsGemma2 { get; init; }

    public required int Width { get; init; }

    public required int LayerCount { get; init; }

    public required int HeadCount { get; init; }

    public required int KeyValueHeadCount { get; init; }

    public required int HeadLength { get; init; }

    public required int VocabularySize { get; init; }

    public required double NormEpsilon { get; init; }

    public required double RopeBase { get; init; }

    /// <summary>What products of queries and keys are multiplied with.</summary>
    public required double AttentionScale { get; init; }

    /// <summary>Products of queries and keys become <c>c tanh(x / c)</c>; null where they stay.</summary>
    public double? AttentionSoftCap { get; init; }

    /// <summary>Logits likewise.</summary>
    public double? FinalSoftCap { get; init; }

    /// <summary>How far back a row sees in every second layer; null for all the way.</summary>
    public long? SlidingWindow { get; init; }

    /// <summary>Reads the shape of a checked file.</summary>
    public static DecoderShape Read(GgufFile file, TextModelLayout layout)
    {
        string prefix = layout.Architecture + ".";
        bool gemma2 = layout.Architecture == "gemma2";
        float Number(string key, float other) => file.Metadata.TryGetSingle(prefix + key, out float value) ? value : other;
        return new DecoderShape
        {
            IsGemma2 = gemma2,
            Width = layout.EmbeddingLength,
            LayerCount = layout.LayerCount,
            HeadCount = layout.HeadCount,
            KeyValueHeadCount = layout.KeyValueHeadCount,
            HeadLength = layout.HeadLength,
            VocabularySize = layout.VocabularySize,
            NormEpsilon = file.Metadata.GetSingle(prefix + "attention.layer_norm_rms_epsilon"),
            RopeBase = Number("rope.freq_base", 10000),
            AttentionScale = 1 / Math.Sqrt(
                gemma2 && layout.LayerCount == LayersOf27B ? (double)layout.EmbeddingLength / layout.HeadCount : layout.HeadLength),
            AttentionSoftCap = gemma2 ? Number("attn_logit_softcapping", AttentionCap) : null,
            FinalSoftCap = gemma2 ? Number("final_logit_softcapping", FinalCap) : null,
            SlidingWindow = !gemma2 ? null
                : file.Metadata.TryGetUInt32(prefix + "attention.sliding_window", out uint window) ? window : Window,
        };
    }
}
