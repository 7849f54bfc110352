using System.Text.Json;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Configuration;

/// <summary>What <c>config.json</c> says of a PaliGemma checkpoint.</summary>
/// <param name="Path">The file.</param>
/// <param name="Text">The decoder.</param>
/// <param name="Vision">The vision tower.</param>
/// <param name="ImageToken">The id of <c>&lt;image&gt;</c>; null when the tokenizer alone tells it.</param>
internal sealed record CheckpointConfig(string Path, TextConfig Text, VisionConfig Vision, int? ImageToken)
{
    private const int MostTokens = 1 << 22;

    /// <summary>Reads the configuration of a checkpoint folder.</summary>
    /// <exception cref="ModelFormatException">The file is missing or malformed, or describes a model that is no PaliGemma 1 or 2.</exception>
    public static CheckpointConfig Read(string folder)
    {
        string path = System.IO.Path.Combine(folder, "config.json");
        using JsonDocument document = CheckpointFile.ReadJson(path);
        ConfigSection config = new(document.RootElement, path);
        if (config.Text("model_type") is null) throw config.Missing("model_type");
        config.RequireOneOf("model_type", "paligemma");
        ConfigSection text = config.Section("text_config") ?? throw config.Missing("text_config");
        ConfigSection vision = config.Section("vision_config") ?? throw config.Missing("vision_config");
        int? imageToken = config.OptionalInteger("image_token_index", least: 0, most: MostTokens)
            ?? config.OptionalInteger("image_token_id", least: 0, most: MostTokens);
        return new CheckpointConfig(
            path,
            TextConfig.Read(text, config.OptionalInteger("vocab_size", most: MostTokens)),
            VisionConfig.Read(vision),
            imageToken);
    }
}
