using System.Text.Json;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Configuration;

/// <summary>What <c>config.json</c> says of a PaliGemma checkpoint.</summary>
/// <param name="Path">The file.</param>
/// <param name="Text">The decoder.</param>
/// <param name="Vision">The vision tower.</param>
/// <param name="ImageToken">The id of <c>&lt;image&gt;</c>; null when the tokenizer alone tells it.</param>
/// <param name="Generation">How answers are made.</param>
/// <param name="IsTied">Whether the embedding is the output matrix too.</param>
internal sealed record CheckpointConfig(
    string Path, TextConfig Text, VisionConfig Vision, int? ImageToken, GenerationConfig Generation, bool IsTied)
{
    private const int MostTokens = 1 << 22;

    // What every configuration of transformers may have: where it comes from, how it was trained and computed, and what shapes and types of
    // the tensors tell.
    private static readonly string[] Bookkeeping =
    [
        "architectures", "transformers_version", "_name_or_path",
        "name_or_path", "_commit_hash", "auto_map", "_attn_implementation", "_attn_implementation_autoset", "attn_implementation",
        "torchscript", "use_bfloat16", "tf_legacy_loss",
        "return_dict", "output_hidden_states", "output_attentions", "is_encoder_decoder", "is_decoder", "add_cross_attention",
        "cross_attention_hidden_size", "tie_encoder_decoder",
        "chunk_size_feed_forward", "id2label", "label2id", "num_labels", "problem_type", "finetuning_task", "task_specific_params",
        "tokenizer_class", "prefix", "sep_token_id", "ignore_index",
        "model_type", "initializer_range", "initializer_factor", "attention_dropout", "_vocab_size", "unsloth_fixed", "unsloth_version",
        "hidden_size", "num_hidden_layers", "projection_dim",
        "num_image_tokens", "num_positions", "projector_hidden_act", "vision_use_head", "sliding_window_size",
    ];

    /// <summary>Reads the configuration of a checkpoint folder.</summary>
    /// <exception cref="ModelFormatException">The file is missing or malformed, or describes a model that is no PaliGemma 1 or 2.</exception>
    public static CheckpointConfig Read(string folder, ConversionWarnings warnings)
    {
        string path = System.IO.Path.Combine(folder, "config.json");
        using JsonDocument document = CheckpointFile.ReadJson(path);
        ConfigSection config = new(document.RootElement, path);
        if (config.Text("model_type") is null) throw config.Missing("model_type");
        config.RequireOneOf("model_type", "paligemma");
        CheckNotQuantized(config);
        ConfigSection text = config.Section("text_config") ?? throw config.Missing("text_config");
        ConfigSection vision = config.Section("vision_config") ?? throw config.Missing("vision_config");
        CheckpointConfig result = new(
            path,
            TextConfig.Read(text, config.OptionalInteger("vocab_size", most: MostTokens)),
            VisionConfig.Read(vision),
            ReadImageToken(config),
            GenerationConfig.Read(folder, config, text, warnings),
            IsTied: config.Flag("tie_word_embeddings") is not false && text.Flag("tie_word_embeddings") is not false);
        vision.Ignore("vocab_size", "tie_word_embeddings", "bos_token_id", "eos_token_id", "pad_token_id");
        foreach (ConfigSection section in new[] { config, text, vision })
        {
            section.RequireNone("pruned_heads", "pruned attention heads are not supported");
            CheckNotQuantized(section);
            CheckType(section);
            section.Ignore(Bookkeeping).WarnOfOthers(warnings);
        }

        return result;
    }

    /// <exception cref="ModelFormatException">The configuration says that the weights are quantized.</exception>
    public static void CheckNotQuantized(ConfigSection config)
    {
        foreach (string key in new[] { "quantization_config", "compression_config", "quantization" })
        {
            if (!config.IsSet(key)) continue;
            ConfigSection? quantization = config.IsObject(key) ? config.Section(key) : null;
            string method = quantization?.Show("quant_method")?.Trim('"') ?? (key == "quantization" ? "MLX" : "another program");
            string bits = quantization?.Show("load_in_4bit") == "true" ? " in 4 bits"
                : quantization?.Show("load_in_8bit") == "true"
                    ? " in 8 bits" : quantization?.Show("bits") is { } number ? $" in {number} bits" : "";
            throw new ModelFormatException(config.Path,
                $"{key} says that the weights were quantized{bits} by {method}: {QuantizedWeights.Advice}");
        }
    }

    // Two names of one thing: newer transformers releases write the second.
    private static int? ReadImageToken(ConfigSection config)
    {
        int? index = config.OptionalInteger("image_token_index", least: 0, most: MostTokens);
        int? id = config.OptionalInteger("image_token_id", least: 0, most: MostTokens);
        return index is null || id is null || index == id
            ? index ?? id : throw config.Refused("image_token_id", $"image_token_index, another name of it, is {index}");
    }

    private static void CheckType(ConfigSection section)
    {
        foreach (string key in new[] { "torch_dtype", "dtype" })
        {
            section.RequireOneOf(key, "float32", "float16",
                "bfloat16", "float64", "auto", "torch.float32", "torch.float16", "torch.bfloat16");
        }
    }
}
