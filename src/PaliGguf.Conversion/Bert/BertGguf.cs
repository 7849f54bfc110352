using PaliGguf.Conversion.Output;
using PaliGguf.Gguf;

namespace PaliGguf.Conversion.Bert;

/// <summary>
/// A BERT as the library's architecture of that name reads it. Its own tokenizer of such models lower-cases, so that the file says it has
/// none; the tokens, as <c>vocab.txt</c> has them, are for a tokenizer outside.
/// </summary>
internal static class BertGguf
{
    private const string Architecture = "bert";

    /// <summary>Sets the metadata of a file.</summary>
    public static void Describe(GgufPlan plan, string name, BertConfig config, int layers, IReadOnlyList<string> tokens)
    {
        plan.SetGeneral(Architecture, "model", name);
        GgufWriter metadata = plan.Metadata;
        metadata.Set("bert.vocab_size", (uint)config.VocabularySize);
        metadata.Set("bert.context_length", (uint)config.Positions);
        metadata.Set("bert.embedding_length", (uint)config.HiddenSize);
        metadata.Set("bert.block_count", (uint)layers);
        metadata.Set("bert.feed_forward_length", (uint)config.IntermediateSize);
        metadata.Set("bert.attention.head_count", (uint)config.Heads);
        metadata.Set("bert.attention.layer_norm_epsilon", config.NormEpsilon);
        metadata.Set("bert.attention.causal", false);
        metadata.Set("bert.pooling_type", 0u);
        metadata.Set("tokenizer.ggml.model", "no_vocab");
        metadata.Set("tokenizer.ggml.token_type_count", (uint)config.TokenTypes);
        metadata.SetArray("tokenizer.ggml.tokens", tokens);
    }
}
