using System.Text.Json.Nodes;
using PaliGguf.Conversion.Configuration;

namespace PaliGguf.Conversion.Synthesis;

/// <summary>What a size is as a configuration, in objects and as <c>config.json</c>.</summary>
internal static class SyntheticConfig
{
    /// <summary>The scale that 46 layers bring with them: the width of the decoder over its heads.</summary>
    private const int LargestQueryScale = 144;
    private const float Epsilon = 1e-6f;

    public static TextConfig Text(ModelSize size) => new()
    {
        Generation = IsSecond(size) ? GemmaGeneration.Gemma2 : GemmaGeneration.Gemma,
        VocabularySize = size.VocabularySize,
        HiddenSize = size.EmbeddingLength,
        IntermediateSize = size.FeedForwardLength,
        Layers = size.LayerCount,
        Heads = size.HeadCount,
        KeyValueHeads = size.KeyValueHeadCount,
        HeadSize = size.HeadLength,
        ContextLength = size.ContextLength,
        NormEpsilon = Epsilon,
        RopeBase = 10_000,
        AttentionSoftCap = IsSecond(size) ? 50 : 0,
        FinalSoftCap = IsSecond(size) ? 30 : 0,
    };

    public static VisionConfig Vision(ModelSize size) => new()
    {
        ImageSize = size.ImageSize,
        PatchSize = size.PatchSize,
        HiddenSize = size.VisionLength,
        IntermediateSize = size.VisionFeedForwardLength,
        Layers = size.VisionLayerCount,
        Heads = size.VisionHeadCount,
        NormEpsilon = Epsilon,
    };

    /// <summary>With as many omissions as the published files have.</summary>
    public static JsonObject Json(ModelSize size)
    {
        JsonObject text = new()
        {
            ["model_type"] = size.Architecture,
            ["hidden_size"] = size.EmbeddingLength,
            ["intermediate_size"] = size.FeedForwardLength,
            ["num_hidden_layers"] = size.LayerCount,
            ["num_attention_heads"] = size.HeadCount,
            ["num_key_value_heads"] = size.KeyValueHeadCount,
            ["num_image_tokens"] = size.ImageTokens,
            ["vocab_size"] = size.VocabularySize,
        };
        if (size.HeadLength != 256)
        {
            text["head_dim"] = size.HeadLength;
            text["query_pre_attn_scalar"] = LargestQueryScale;
        }

        return new JsonObject
        {
            ["model_type"] = "paligemma",
            ["image_token_index"] = size.ImageToken,
            ["projection_dim"] = size.EmbeddingLength,
            ["text_config"] = text,
            ["vision_config"] = new JsonObject
            {
                ["model_type"] = "siglip_vision_model",
                ["hidden_size"] = size.VisionLength,
                ["image_size"] = size.ImageSize,
                ["intermediate_size"] = size.VisionFeedForwardLength,
                ["num_attention_heads"] = size.VisionHeadCount,
                ["num_hidden_layers"] = size.VisionLayerCount,
                ["patch_size"] = size.PatchSize,
            },
        };
    }

    private static bool IsSecond(ModelSize size) => size.Architecture == "gemma2";
}
