using PaliGguf.Gguf;

namespace PaliGguf.Language;

/// <summary>
/// What the text half of a pair must be for the native loader to take it: checked wholly beforehand, because that loader trusts its files
/// and ends the process where it finds them at odds with themselves.
/// </summary>
internal sealed record TextModelLayout
{
    private const int LargestDimension = 1 << 20;

    private static readonly HashSet<string> KnownKeys =
    [
        "context_length", "embedding_length", "block_count", "feed_forward_length", "vocab_size",
        "attention.head_count", "attention.head_count_kv", "attention.key_length", "attention.value_length", "attention.layer_norm_rms_epsilon",
        "attention.sliding_window", "attn_logit_softcapping", "final_logit_softcapping", "rope.freq_base", "rope.dimension_count",
    ];

    private TextModelLayout()
    {
    }

    /// <summary>"gemma" (PaliGemma 1) or "gemma2" (PaliGemma 2).</summary>
    public required string Architecture { get; init; }

    public required string Name { get; init; }

    public required int EmbeddingLength { get; init; }

    public required int LayerCount { get; init; }

    public required int FeedForwardLength { get; init; }

    public required int HeadCount { get; init; }

    public required int KeyValueHeadCount { get; init; }

    public required int HeadLength { get; init; }

    /// <summary>The longest sequence the model was trained for.</summary>
    public required int ContextLength { get; init; }

    public required int VocabularySize { get; init; }

    /// <summary>The id of <c>&lt;image&gt;</c>; ids from it up are never generated.</summary>
    public required int ImageToken { get; init; }

    /// <summary>The tokens; null where there is no file.</summary>
    public TokenizerLayout? Tokenizer { get; init; }

    /// <summary>Reads and checks a text GGUF.</summary>
    /// <exception cref="ModelFormatException">It is not a PaliGemma text model, or not a sound one.</exception>
    public static TextModelLayout Read(GgufFile file)
    {
        string architecture = file.Metadata.GetString("general.architecture");
        if (architecture is not ("gemma" or "gemma2"))
        {
            throw new ModelFormatException(file.Path, architecture == "clip"
                ? "this is a vision model (general.architecture 'clip'), and a text model is wanted here; the text model of a pair is the file without 'mmproj' in its name."
                : $"general.architecture is {GgufName.Quote(architecture)}; PaliGemma text models are 'gemma' or 'gemma2'.");
        }

        if (file.Metadata.TryGetUInt32("split.count", out uint parts) && parts > 1)
        {
            throw new ModelFormatException(file.Path, $"the model is split into {parts} files; join them first (llama-gguf-split --merge).");
        }

        int Dimension(string key, int largest = LargestDimension) => file.GetPositive($"{architecture}.{key}", largest);
        int embeddingLength = Dimension("embedding_length");
        int headCount = Dimension("attention.head_count", 4096);
        TokenizerLayout tokenizer = TokenizerLayout.Read(file);
        TextModelLayout layout = new()
        {
            Architecture = architecture,
            Name = file.Metadata.TryGetString("general.name", out string? name) ? name : Path.GetFileNameWithoutExtension(file.Path),
            EmbeddingLength = embeddingLength,
            LayerCount = Dimension("block_count", 500),
            FeedForwardLength = Dimension("feed_forward_length"),
            HeadCount = headCount,
            KeyValueHeadCount = Dimension("attention.head_count_kv", 4096),
            HeadLength = file.Metadata.Contains($"{architecture}.attention.key_length") ? Dimension("attention.key_length", 4096) : embeddingLength / headCount,
            ContextLength = Dimension("context_length"),
            VocabularySize = tokenizer.Texts.Count,
            ImageToken = tokenizer.ImageToken,
            Tokenizer = tokenizer,
        };
        layout.CheckKeys(file);
        layout.CheckNumbers(file);
        file.RequireTensors(layout.Tensors());
        file.Require(file.FindTensor("output.weight") is null, $"there is an output.weight; the output of PaliGemma's text models is their embedding, token_embd.weight.");
        return layout;
    }

    /// <summary>The decoder of a published size.</summary>
    public static TextModelLayout Of(ModelSize size) => new()
    {
        Architecture = size.Architecture,
        Name = size.Name,
        EmbeddingLength = size.EmbeddingLength,
        LayerCount = size.LayerCount,
        FeedForwardLength = size.FeedForwardLength,
        HeadCount = size.HeadCount,
        KeyValueHeadCount = size.KeyValueHeadCount,
        HeadLength = size.HeadLength,
        ContextLength = size.ContextLength,
        VocabularySize = size.VocabularySize,
        ImageToken = size.ImageToken,
    };

    /// <summary>
    /// The native loader acts on some hundred further settings, of other architectures mostly: it would compute something else, or end the
    /// process over a value that it does not know.
    /// </summary>
    private void CheckKeys(GgufFile file)
    {
        string prefix = Architecture + ".";
        foreach (string key in file.Metadata.Keys)
        {
            file.Require(
                !key.StartsWith(prefix, StringComparison.Ordinal) || KnownKeys.Contains(key[prefix.Length..]),
                $"{GgufName.Quote(key)} is a setting that PaliGemma's text models do not have.");
        }

        file.Require(
            !file.Metadata.TryGetUInt32(prefix + "vocab_size", out uint size) || size == VocabularySize,
            $"{prefix}vocab_size is {size}, and the vocabulary has {VocabularySize} tokens.");
    }

    private void CheckNumbers(GgufFile file)
    {
        file.Require(HeadCount % KeyValueHeadCount == 0, $"{HeadCount} attention heads do not divide among {KeyValueHeadCount} key/value heads.");
        file.Require(HeadLength is > 0 and <= 1024 && HeadLength % 8 == 0, $"{Architecture}.attention.key_length is {HeadLength}; expected a multiple of 8 up to 1024.");
        file.Require(
            !file.Metadata.TryGetUInt32($"{Architecture}.attention.value_length", out uint valueLength) || valueLength == HeadLength,
            $"{Architecture}.attention.value_length differs from key_length {HeadLength}.");
        file.RequireNumber($"{Architecture}.attention.layer_norm_rms_epsilon", 0, 1, required: true);
        file.RequireNumber($"{Architecture}.rope.freq_base", 1, 1e12);
        file.RequireNumber($"{Architecture}.attn_logit_softcapping", 1e-3, 1e6);
        file.RequireNumber($"{Architecture}.final_logit_softcapping", 1e-3, 1e6);
        if (file.Metadata.Contains($"{Architecture}.rope.dimension_count"))
        {
            int rotary = file.GetPositive($"{Architecture}.rope.dimension_count", HeadLength);
            file.Require(rotary == HeadLength, $"{Architecture}.rope.dimension_count is {rotary}; expected the head length {HeadLength}.");
        }

        if (file.Metadata.Contains($"{Architecture}.attention.sliding_window")) file.GetPositive($"{Architecture}.attention.sliding_window", int.MaxValue);
    }

    /// <summary>The tensors that it is made of.</summary>
    public IEnumerable<ExpectedTensor> Tensors()
    {
        long queries = (long)HeadCount * HeadLength;
        long keys = (long)KeyValueHeadCount * HeadLength;
        yield return new("token_embd.weight", [EmbeddingLength, VocabularySize]);
        yield return new("output_norm.weight", [EmbeddingLength], Plain: true);
        for (int layer = 0; layer < LayerCount; layer++)
        {
            string block = $"blk.{layer}.";
            yield return new(block + "attn_norm.weight", [EmbeddingLength], Plain: true);
            yield return new(block + "attn_q.weight", [EmbeddingLength, queries]);
            yield return new(block + "attn_k.weight", [EmbeddingLength, keys]);
            yield return new(block + "attn_v.weight", [EmbeddingLength, keys]);
            yield return new(block + "attn_output.weight", [queries, EmbeddingLength]);
            yield return new(block + "ffn_norm.weight", [EmbeddingLength], Plain: true);
            yield return new(block + "ffn_gate.weight", [EmbeddingLength, FeedForwardLength]);
            yield return new(block + "ffn_up.weight", [EmbeddingLength, FeedForwardLength]);
            yield return new(block + "ffn_down.weight", [FeedForwardLength, EmbeddingLength]);
            if (Architecture != "gemma2") continue;
            yield return new(block + "post_attention_norm.weight", [EmbeddingLength], Plain: true);
            yield return new(block + "post_ffw_norm.weight", [EmbeddingLength], Plain: true);
        }
    }
}
