using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.BigVision;

/// <summary>Gemma as big_vision's <c>models/ppp/gemma.py</c> names and shapes it: products are einsums over [heads, width, head size] and the like.</summary>
internal static class BigVisionDecoder
{
    private const string EmbeddingArray = "llm/embedder/input_embedding";
    private const string Query = "attn/q_einsum/w";
    private const string KeyValue = "attn/kv_einsum/w";
    private const string Gating = "mlp/gating_einsum";
    private const string PostNorm = "post_attention_norm/scale";
    private const int LargestSize = 1 << 20;

    public static LayerStack Layers(BigVisionArrays arrays) => new(arrays, "llm/layers/", layer => $"llm/layers/{layer}/", Query, 3);

    /// <summary>The sizes that the shapes tell; the rest are constants of the published models, all of which share them.</summary>
    public static TextConfig ReadSizes(BigVisionArrays arrays, LayerStack layers)
    {
        IReadOnlyList<long> embedding = arrays.ShapeOf(EmbeddingArray, 2);
        IReadOnlyList<long> query = layers.ShapeOf(Query, 3);
        IReadOnlyList<long> keyValue = layers.ShapeOf(KeyValue, 4);
        IReadOnlyList<long> gating = layers.ShapeOf(Gating, 3);
        bool second = arrays.Contains(layers.FullName(PostNorm));
        TextConfig config = new()
        {
            Generation = second ? GemmaGeneration.Gemma2 : GemmaGeneration.Gemma,
            VocabularySize = arrays.Size(EmbeddingArray, embedding[0], 1 << 22),
            HiddenSize = arrays.Size(EmbeddingArray, embedding[1], LargestSize),
            IntermediateSize = arrays.Size(layers.FullName(Gating), gating[2], LargestSize),
            Layers = layers.Count,
            Heads = arrays.Size(layers.FullName(Query), query[0], 1024),
            KeyValueHeads = arrays.Size(layers.FullName(KeyValue), keyValue[1], 1024),
            HeadSize = arrays.Size(layers.FullName(Query), query[2], 4096),
            ContextLength = 8192,
            NormEpsilon = 1e-6f,
            RopeBase = 10_000,
            AttentionSoftCap = second ? 50 : 0,
            FinalSoftCap = second ? 30 : 0,
        };
        if (config.Heads % config.KeyValueHeads != 0)
        {
            arrays.AddUnfit(layers.FullName(KeyValue), $"has {config.KeyValueHeads} heads, which do not divide the {config.Heads} of {Query}");
        }

        return config;
    }

    public static void Add(BigVisionViews views, LayerStack layers, TextConfig config)
    {
        const string Layer = "text.layers.{0}.";
        long width = config.HiddenSize;
        long inner = config.IntermediateSize;
        long queries = (long)config.Heads * config.HeadSize;
        views.Add(TensorNames.Embedding, EmbeddingArray, [config.VocabularySize, width]);
        views.Add("text.norm.weight", "llm/final_norm/scale", [width]);
        views.AddLayers(layers, Query, [config.Heads, width, config.HeadSize], (Layer + "self_attn.q_proj.weight", w => views.Heads(w, width, config.HeadSize)));
        views.AddLayers(
            layers,
            KeyValue,
            [2, config.KeyValueHeads, width, config.HeadSize],
            (Layer + "self_attn.k_proj.weight", w => views.Heads(BigVisionViews.Part(w, 0, 2), width, config.HeadSize)),
            (Layer + "self_attn.v_proj.weight", w => views.Heads(BigVisionViews.Part(w, 1, 2), width, config.HeadSize)));
        views.AddLayers(layers, "attn/attn_vec_einsum/w", [config.Heads, config.HeadSize, width], (Layer + "self_attn.o_proj.weight", w => views.Transposed(w, queries, width)));
        views.AddLayers(
            layers,
            Gating,
            [2, width, inner],
            (Layer + "mlp.gate_proj.weight", w => views.Transposed(BigVisionViews.Part(w, 0, 2), width, inner)),
            (Layer + "mlp.up_proj.weight", w => views.Transposed(BigVisionViews.Part(w, 1, 2), width, inner)));
        views.AddLayers(layers, "mlp/linear", [inner, width], (Layer + "mlp.down_proj.weight", w => views.Transposed(w, inner, width)));
        AddNorm("input_layernorm", "pre_attention_norm/scale");
        if (config.Generation == GemmaGeneration.Gemma)
        {
            AddNorm("post_attention_layernorm", "pre_ffw_norm/scale");
        }
        else
        {
            AddNorm("post_attention_layernorm", PostNorm);
            AddNorm("pre_feedforward_layernorm", "pre_ffw_norm/scale");
            AddNorm("post_feedforward_layernorm", "post_ffw_norm/scale");
        }

        void AddNorm(string target, string array) => views.AddLayers(layers, array, [width], ($"{Layer}{target}.weight", scale => scale));
    }
}
