using PaliGguf.Gguf;

namespace PaliGguf.Evaluation.Encoders;

/// <summary>What a BERT's GGUF must be for the native loader to take it, and for its states to be those of the original: checked wholly
/// beforehand.</summary>
internal sealed record BertLayout
{
    private const string Prefix = "bert.";
    private const int LargestDimension = 1 << 20;

    private static readonly HashSet<string> KnownKeys =
    [
        "vocab_size", "context_length", "embedding_length", "block_count", "feed_forward_length", "attention.head_count",
        "attention.layer_norm_epsilon", "attention.causal", "pooling_type",
    ];

    private BertLayout()
    {
    }

    public required IReadOnlyList<string> Tokens { get; init; }

    public required int VocabularySize { get; init; }

    public required int Positions { get; init; }

    public required int Width { get; init; }

    public required int Layers { get; init; }

    public required int FeedForward { get; init; }

    public required int Heads { get; init; }

    public required int TokenTypes { get; init; }

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="ModelFormatException">It is no BERT that <c>paligguf convert</c> wrote, or not a sound one.</exception>
    public static BertLayout Read(GgufFile file)
    {
        string architecture = file.Metadata.GetString("general.architecture");
        file.Require(architecture == "bert", $"general.architecture is {GgufName.Quote(architecture)}; a BERT is 'bert'.");
        string tokenizer = file.Metadata.GetString("tokenizer.ggml.model");
        file.Require(
            tokenizer == "no_vocab",
            $"tokenizer.ggml.model is {GgufName.Quote(tokenizer)}: another program wrote the file; use 'paligguf convert'.");
        foreach (string key in file.Metadata.Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            file.Require(KnownKeys.Contains(key[Prefix.Length..]), $"{GgufName.Quote(key)} is a setting that is not known.");
        }

        BertLayout layout = new()
        {
            Tokens = file.Metadata.GetStringArray("tokenizer.ggml.tokens"),
            VocabularySize = file.GetPositive(Prefix + "vocab_size", 1 << 22),
            Positions = file.GetPositive(Prefix + "context_length", LargestDimension),
            Width = file.GetPositive(Prefix + "embedding_length", LargestDimension),
            Layers = file.GetPositive(Prefix + "block_count", 500),
            FeedForward = file.GetPositive(Prefix + "feed_forward_length", LargestDimension),
            Heads = file.GetPositive(Prefix + "attention.head_count", 1024),
            TokenTypes = file.GetPositive("tokenizer.ggml.token_type_count", LargestDimension),
        };
        layout.Check(file);
        file.RequireTensors(layout.Tensors());
        return layout;
    }

    private void Check(GgufFile file)
    {
        file.Require(Tokens.Count <= VocabularySize, $"there are {Tokens.Count} tokens, and {Prefix}vocab_size is {VocabularySize}.");
        file.Require(Width % Heads == 0, $"{Prefix}embedding_length {Width} is no multiple of {Prefix}attention.head_count {Heads}.");
        file.Require(Positions >= 2, $"{Prefix}context_length is {Positions}; expected at least 2.");
        file.Require(!file.Metadata.GetBoolean(Prefix + "attention.causal"), $"{Prefix}attention.causal is true.");
        file.Require(file.Metadata.GetUInt32(Prefix + "pooling_type") == 0, $"{Prefix}pooling_type is not 0.");
        file.RequireNumber(Prefix + "attention.layer_norm_epsilon", 0, 1, required: true);
    }

    private IEnumerable<ExpectedTensor> Tensors()
    {
        yield return new("token_embd.weight", [Width, VocabularySize]);
        yield return new("position_embd.weight", [Width, Positions], Plain: true);
        yield return new("token_types.weight", [Width, TokenTypes], Plain: true);
        foreach (string part in new[] { "weight", "bias" })
        {
            bool isBias = part == "bias";
            yield return new("token_embd_norm." + part, [Width], Plain: true);
            for (int layer = 0; layer < Layers; layer++)
            {
                string block = $"blk.{layer}.";
                yield return Product(block + "attn_q.", Width, Width);
                yield return Product(block + "attn_k.", Width, Width);
                yield return Product(block + "attn_v.", Width, Width);
                yield return Product(block + "attn_output.", Width, Width);
                yield return new(block + "attn_output_norm." + part, [Width], Plain: true);
                yield return Product(block + "ffn_up.", Width, FeedForward);
                yield return Product(block + "ffn_down.", FeedForward, Width);
                yield return new(block + "layer_output_norm." + part, [Width], Plain: true);
            }

            ExpectedTensor Product(string name, long columns, long rows) =>
                isBias ? new(name + part, [rows], Plain: true) : new(name + part, [columns, rows]);
        }
    }
}
