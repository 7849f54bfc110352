using System.Text.Json;
using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Bert;

/// <summary>What <c>config.json</c> says of a BERT, with transformers' defaults for whatever is omitted.</summary>
internal sealed record BertConfig
{
    private const string File = "config.json";

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    public required int VocabularySize { get; init; }

    public required int HiddenSize { get; init; }

    public required int IntermediateSize { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    /// <summary>The longest text in tokens.</summary>
    public required int Positions { get; init; }

    public required int TokenTypes { get; init; }

    public required float NormEpsilon { get; init; }

    /// <summary>What the checkpoint was called where it was saved; null if it does not say.</summary>
    public string? SavedAs { get; init; }

    /// <summary>Whether a folder is one of a BERT.</summary>
    /// <exception cref="ModelFormatException">Its configuration is malformed.</exception>
    public static bool Describes(string folder)
    {
        string path = System.IO.Path.Combine(folder, File);
        if (!System.IO.File.Exists(path)) return false;
        using JsonDocument document = CheckpointFile.ReadJson(path);
        return document.RootElement.TryGetProperty("model_type", out JsonElement type)
            && type.ValueKind == JsonValueKind.String && type.ValueEquals("bert");
    }

    /// <summary>Reads the configuration of a checkpoint folder.</summary>
    /// <exception cref="ModelFormatException">It is missing or malformed, or describes what the library can not compute.</exception>
    public static BertConfig Read(string folder)
    {
        string path = System.IO.Path.Combine(folder, File);
        using JsonDocument document = CheckpointFile.ReadJson(path);
        ConfigSection config = new(document.RootElement, path);
        if (config.Text("model_type") is null) throw config.Missing("model_type");
        config.RequireOneOf("model_type", "bert");
        CheckpointConfig.CheckNotQuantized(config);
        config.RequireOneOf("hidden_act", "gelu");
        config.RequireOneOf("position_embedding_type", "absolute");
        config.RequireFlag("is_decoder", false);
        config.RequireNone("pruned_heads", "pruned attention heads are not supported");
        BertConfig result = new()
        {
            Path = path,
            VocabularySize = config.Integer("vocab_size", 30522, most: 1 << 22),
            HiddenSize = config.Integer("hidden_size", 768),
            IntermediateSize = config.Integer("intermediate_size", 3072),
            Layers = config.Integer("num_hidden_layers", 12, most: 500),
            Heads = config.Integer("num_attention_heads", 12, most: 1024),
            Positions = config.Integer("max_position_embeddings", 512),
            TokenTypes = config.Integer("type_vocab_size", 2),
            NormEpsilon = (float)config.PositiveNumber("layer_norm_eps", 1e-12),
            SavedAs = config.Text("_name_or_path"),
        };
        if (result.HiddenSize % result.Heads == 0) return result;
        throw config.Unsupported("num_attention_heads", $"{result.Heads}", $"a divisor of hidden_size, {result.HiddenSize}");
    }
}
