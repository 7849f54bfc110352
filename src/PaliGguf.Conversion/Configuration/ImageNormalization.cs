using System.Text.Json;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Configuration;

/// <summary>Mean and standard deviation of the three colour channels, for pixels scaled to 0..1.</summary>
internal sealed record ImageNormalization(float[] Mean, float[] Deviation)
{
    /// <summary>What the tower was trained with: pixels from -1 to 1.</summary>
    public static ImageNormalization Siglip => new([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);

    /// <summary>Reads <c>preprocessor_config.json</c>, or the part of <c>processor_config.json</c> that newer checkpoints have in its place.</summary>
    public static ImageNormalization Read(string folder)
    {
        string path = Path.Combine(folder, "preprocessor_config.json");
        bool nested = !File.Exists(path);
        if (nested) path = Path.Combine(folder, "processor_config.json");
        if (!File.Exists(path)) return Siglip;

        using JsonDocument document = CheckpointFile.ReadJson(path);
        ConfigSection? section = new ConfigSection(document.RootElement, path);
        if (nested) section = section?.Section("image_processor");
        return new ImageNormalization(
            ReadChannels(section, "image_mean", positive: false) ?? Siglip.Mean,
            ReadChannels(section, "image_std", positive: true) ?? Siglip.Deviation);
    }

    private static float[]? ReadChannels(ConfigSection? section, string key, bool positive)
    {
        if (section?.Array(key) is not { } values) return null;
        float[] channels = values
            .Select(value => value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) ? number : float.NaN)
            .ToArray();
        if (channels.Length == 3 && channels.All(value => float.IsFinite(value) && (!positive || value > 0))) return channels;
        string shown = "[" + string.Join(", ", values.Select(value => value.GetRawText())) + "]";
        throw section.Value.Unsupported(key, shown, positive ? "three positive numbers" : "three numbers");
    }
}
