namespace PaliGguf.Conversion.Configuration;

/// <summary>The vision tower as <c>vision_config</c> describes it; what is omitted is as in SigLIP-So400m/14, the tower of all PaliGemmas.</summary>
internal sealed record VisionConfig
{
    public required int ImageSize { get; init; }

    public required int PatchSize { get; init; }

    public required int HiddenSize { get; init; }

    public required int IntermediateSize { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required float NormEpsilon { get; init; }

    public int Patches => (ImageSize / PatchSize) * (ImageSize / PatchSize);

    /// <summary>The MLP's width with zero rows added up to a multiple of 32, the block length of 8-bit and 4-bit types.</summary>
    public int PaddedIntermediateSize => (IntermediateSize + 31) / 32 * 32;

    public static VisionConfig Read(ConfigSection vision)
    {
        const int WidthOfSo400m = 1152;
        vision.RequireOneOf("model_type", "siglip_vision_model");
        vision.RequireOneOf("hidden_act", "gelu_pytorch_tanh", "gelu_tanh", "gelu_new", "gelu_fast");
        int channels = vision.Integer("num_channels", 3);
        if (channels != 3) throw vision.Unsupported("num_channels", $"{channels}", "3");

        int width = vision.Integer("hidden_size", WidthOfSo400m);
        VisionConfig config = new()
        {
            ImageSize = vision.Integer("image_size", 224, most: 1 << 13),
            PatchSize = vision.Integer("patch_size", 14, most: 256),
            HiddenSize = width,
            IntermediateSize = vision.Integer("intermediate_size", 4304),
            Layers = vision.Integer("num_hidden_layers", 27, most: 512),
            // Shapes do not reveal the number of heads, so it is only assumed for the width that it belongs to.
            Heads = width == WidthOfSo400m ? vision.Integer("num_attention_heads", 16, most: 1024) : vision.RequiredInteger("num_attention_heads", most: 1024),
            NormEpsilon = (float)vision.PositiveNumber("layer_norm_eps", 1e-6),
        };
        if (config.ImageSize % config.PatchSize != 0)
        {
            throw vision.Unsupported("image_size", $"{config.ImageSize}", $"a multiple of patch_size, {config.PatchSize}");
        }

        if (config.HiddenSize % config.Heads != 0)
        {
            throw vision.Unsupported("num_attention_heads", $"{config.Heads}", $"a divisor of hidden_size, {config.HiddenSize}");
        }

        return config;
    }
}
