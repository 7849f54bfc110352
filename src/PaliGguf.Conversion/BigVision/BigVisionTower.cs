using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.BigVision;

/// <summary>SigLIP as big_vision's <c>models/vit.py</c> names and shapes it; its <c>head</c> is PaliGemma's projector.</summary>
internal static class BigVisionTower
{
    private const string Patches = "img/embedding/kernel";
    private const string Positions = "img/pos_embedding";
    private const string Attention = "MultiHeadDotProductAttention_0/";
    private const string Query = Attention + "query/kernel";
    private const string Mlp = "MlpBlock_0/Dense_";
    private const int LargestSize = 1 << 20;

    public static LayerStack Layers(BigVisionArrays arrays) =>
        new(arrays, "img/Transformer/encoderblock/", layer => $"img/Transformer/encoderblock_{layer}/", Query, 3);

    public static VisionConfig ReadSizes(BigVisionArrays arrays, LayerStack layers)
    {
        IReadOnlyList<long> patch = arrays.ShapeOf(Patches, 4);
        IReadOnlyList<long> positions = arrays.ShapeOf(Positions, 3);
        IReadOnlyList<long> query = layers.ShapeOf(Query, 3);
        IReadOnlyList<long> mlp = layers.ShapeOf(Mlp + "0/kernel", 2);
        int patchSize = arrays.Size(Patches, patch[0], 256);
        int side = (int)Math.Sqrt(arrays.Size(Positions, positions[1], LargestSize));
        if ((long)side * side != positions[1]) arrays.AddUnfit(Positions, $"is {OneLine.Show(positions)}, expected as many rows as a square has patches");
        return new VisionConfig
        {
            ImageSize = side * patchSize,
            PatchSize = patchSize,
            HiddenSize = arrays.Size(Patches, patch[3], LargestSize),
            IntermediateSize = arrays.Size(layers.FullName(Mlp + "0/kernel"), mlp[1], LargestSize),
            Layers = layers.Count,
            Heads = arrays.Size(layers.FullName(Query), query[1], 1024),
            NormEpsilon = 1e-6f,
        };
    }

    public static void Add(BigVisionViews views, LayerStack layers, VisionConfig config, long textWidth)
    {
        const string Layer = "vision.encoder.layers.{0}.";
        long width = config.HiddenSize;
        long inner = config.IntermediateSize;
        long headSize = width / config.Heads;
        views.Add("vision.embeddings.patch_embedding.weight", Patches, [config.PatchSize, config.PatchSize, 3, width], kernel => PatchKernel(views, kernel, config));
        views.Add("vision.embeddings.patch_embedding.bias", "img/embedding/bias", [width]);
        views.Add("vision.embeddings.position_embedding.weight", Positions, [1, config.Patches, width], rows => new SlicedTensor(rows, 0, config.Patches, width));
        foreach ((string target, string array) in new[] { ("q_proj", "query"), ("k_proj", "key"), ("v_proj", "value") })
        {
            views.AddLayers(layers, $"{Attention}{array}/kernel", [width, config.Heads, headSize], ($"{Layer}self_attn.{target}.weight", kernel => views.Transposed(kernel, width, width)));
            views.AddLayers(layers, $"{Attention}{array}/bias", [config.Heads, headSize], ($"{Layer}self_attn.{target}.bias", bias => new SlicedTensor(bias, 0, width)));
        }

        views.AddLayers(layers, Attention + "out/kernel", [config.Heads, headSize, width], (Layer + "self_attn.out_proj.weight", kernel => views.Transposed(kernel, width, width)));
        views.AddLayers(layers, Attention + "out/bias", [width], (Layer + "self_attn.out_proj.bias", bias => bias));
        AddNorm("layer_norm1", "LayerNorm_0");
        AddNorm("layer_norm2", "LayerNorm_1");
        views.AddLayers(layers, Mlp + "0/kernel", [width, inner], (Layer + "mlp.fc1.weight", kernel => views.Transposed(kernel, width, inner)));
        views.AddLayers(layers, Mlp + "0/bias", [inner], (Layer + "mlp.fc1.bias", bias => bias));
        views.AddLayers(layers, Mlp + "1/kernel", [inner, width], (Layer + "mlp.fc2.weight", kernel => views.Transposed(kernel, inner, width)));
        views.AddLayers(layers, Mlp + "1/bias", [width], (Layer + "mlp.fc2.bias", bias => bias));
        views.Add("vision.post_layernorm.weight", "img/Transformer/encoder_norm/scale", [width]);
        views.Add("vision.post_layernorm.bias", "img/Transformer/encoder_norm/bias", [width]);
        views.Add("projector.weight", "img/head/kernel", [width, textWidth], kernel => views.Transposed(kernel, width, textWidth));
        views.Add("projector.bias", "img/head/bias", [textWidth]);

        void AddNorm(string target, string array)
        {
            views.AddLayers(layers, array + "/scale", [width], ($"{Layer}{target}.weight", scale => scale));
            views.AddLayers(layers, array + "/bias", [width], ($"{Layer}{target}.bias", bias => bias));
        }
    }

    // [patch, patch, 3, width] to [width, patch, patch, 3] to [width, 3, patch, patch]; the second step reads what the first has in its band.
    private static TransposedTensor PatchKernel(BigVisionViews views, SourceTensor kernel, VisionConfig config)
    {
        long pixels = (long)config.PatchSize * config.PatchSize;
        SourceTensor rows = views.Transposed(kernel, pixels * 3, config.HiddenSize);
        return new TransposedTensor(rows, pixels, 3, new TransposedBand(), config.HiddenSize, 3, config.PatchSize, config.PatchSize);
    }
}
