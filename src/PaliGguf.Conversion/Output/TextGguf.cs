using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Tokenizers;
using PaliGguf.Gguf;

namespace PaliGguf.Conversion.Output;

/// <summary>The text model as the library's gemma and gemma2 architectures read it.</summary>
internal static class TextGguf
{
    /// <summary>Sets the metadata of a text file.</summary>
    public static void Describe(
        GgufPlan plan, string name, TextConfig config, Vocabulary vocabulary, IReadOnlyList<int> endTokens, bool keepSlidingWindow)
    {
        string architecture = config.Generation == GemmaGeneration.Gemma2 ? "gemma2" : "gemma";
        plan.SetGeneral(architecture, "model", name);
        SetSizes(plan.Metadata, architecture, config);
        if (config.Generation == GemmaGeneration.Gemma2)
        {
            plan.Metadata.Set("gemma2.attn_logit_softcapping", config.AttentionSoftCap);
            plan.Metadata.Set("gemma2.final_logit_softcapping", config.FinalSoftCap);
            int window = keepSlidingWindow ? config.SlidingWindow ?? config.ContextLength : config.ContextLength;
            plan.Metadata.Set("gemma2.attention.sliding_window", (uint)window);
        }

        SetTokenizer(plan.Metadata, vocabulary);
        SetEnds(plan.Metadata, endTokens);
    }

    private static void SetSizes(GgufWriter metadata, string architecture, TextConfig config)
    {
        metadata.Set(architecture + ".context_length", (uint)config.ContextLength);
        metadata.Set(architecture + ".embedding_length", (uint)config.HiddenSize);
        metadata.Set(architecture + ".block_count", (uint)config.Layers);
        metadata.Set(architecture + ".feed_forward_length", (uint)config.IntermediateSize);
        metadata.Set(architecture + ".attention.head_count", (uint)config.Heads);
        metadata.Set(architecture + ".attention.head_count_kv", (uint)config.KeyValueHeads);
        metadata.Set(architecture + ".attention.key_length", (uint)config.HeadSize);
        metadata.Set(architecture + ".attention.value_length", (uint)config.HeadSize);
        metadata.Set(architecture + ".attention.layer_norm_rms_epsilon", config.NormEpsilon);
        metadata.Set(architecture + ".rope.freq_base", config.RopeBase);
    }

    private static void SetTokenizer(GgufWriter metadata, Vocabulary vocabulary)
    {
        metadata.Set("tokenizer.ggml.model", "llama");
        metadata.Set("tokenizer.ggml.pre", "default");
        metadata.SetArray("tokenizer.ggml.tokens", vocabulary.Tokens.Select(token => token.Text).ToArray());
        metadata.SetArray("tokenizer.ggml.scores", vocabulary.Tokens.Select(token => token.Score).ToArray().AsSpan());
        metadata.SetArray("tokenizer.ggml.token_type", vocabulary.Tokens.Select(token => (int)token.Type).ToArray().AsSpan());
        metadata.Set("tokenizer.ggml.bos_token_id", (uint)vocabulary.BeginId);
        metadata.Set("tokenizer.ggml.unknown_token_id", (uint)vocabulary.UnknownId);
        metadata.Set("tokenizer.ggml.padding_token_id", (uint)vocabulary.PaddingId);
        metadata.Set("tokenizer.ggml.add_bos_token", true);
        metadata.Set("tokenizer.ggml.add_eos_token", false);
        metadata.Set("tokenizer.ggml.add_space_prefix", false);
    }

    // The first two others have keys of their own, which llama.cpp knows; the list of all is what several other readers know.
    private static void SetEnds(GgufWriter metadata, IReadOnlyList<int> tokens)
    {
        metadata.Set("tokenizer.ggml.eos_token_id", (uint)tokens[0]);
        if (tokens.Count > 1) metadata.Set("tokenizer.ggml.eot_token_id", (uint)tokens[1]);
        if (tokens.Count > 2) metadata.Set("tokenizer.ggml.eom_token_id", (uint)tokens[2]);
        if (tokens.Count > 1) metadata.SetArray("tokenizer.ggml.eog_token_ids", tokens.Select(token => (uint)token).ToArray().AsSpan());
    }
}
