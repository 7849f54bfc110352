using System.Text.Json;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Configuration;

/// <summary>What is done to a picture before the tower sees it: it is resized to the square, and its pixels are scaled to 0..1 and
/// normalized.</summary>
/// <param name="Mean">Of each colour channel, subtracted.</param>
/// <param name="Deviation">Of each colour channel, divided by.</param>
/// <param name="Interpolation">How it is resized.</param>
internal sealed record ImagePreprocessing(float[] Mean, float[] Deviation, Interpolation Interpolation)
{
    private const string OwnFile = "preprocessor_config.json";
    private const string SharedFile = "processor_config.json";
    private const string SharedSection = "image_processor";
    private const double ToOne = 1 / 255.0;

    private static readonly string[] FilterNames = ["nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"];

    private static readonly string[] Bookkeeping =
    [
        "processor_class", "_processor_class", "_valid_processor_keys",
        "data_format", "input_data_format", "return_tensors", "device", "disable_grouping", "default_to_square", "auto_map",
        "image_processor_type", "feature_extractor_type",

        // Here they always become RGB; without it, transformers fails at all others.
        "do_convert_rgb",
    ];

    /// <summary>What the tower was trained with: pixels from -1 to 1.</summary>
    public static ImagePreprocessing Siglip => new([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f], Interpolation.Bicubic);

    /// <summary>Reads <c>preprocessor_config.json</c>, or the part of <c>processor_config.json</c> that newer checkpoints have in its
    /// place.</summary>
    /// <exception cref="ModelFormatException">A file is malformed, or asks for what is not done here; the message names the
    /// key.</exception>
    public static ImagePreprocessing Read(string folder, VisionConfig vision, ConversionWarnings warnings)
    {
        ImagePreprocessing? shared = ReadFile(Path.Combine(folder, SharedFile), isShared: true, vision, warnings);
        ImagePreprocessing? own = ReadFile(Path.Combine(folder, OwnFile), isShared: false, vision, warnings);
        if (own is null || shared is null || own.IsSame(shared)) return own ?? shared ?? Siglip;

        // Newer transformers releases read the one, older ones the other.
        throw new ModelFormatException(Path.Combine(folder, SharedFile),
            $"{SharedSection} asks for another preprocessing than {OwnFile} beside it: remove the file that is wrong");
    }

    private bool IsSame(ImagePreprocessing other) =>
        Interpolation == other.Interpolation && Mean.AsSpan().SequenceEqual(other.Mean)
            && Deviation.AsSpan().SequenceEqual(other.Deviation);

    private static ImagePreprocessing? ReadFile(string path, bool isShared, VisionConfig vision, ConversionWarnings warnings)
    {
        if (!File.Exists(path)) return null;
        using JsonDocument document = CheckpointFile.ReadJson(path);
        ConfigSection root = new(document.RootElement, path);
        if (!isShared) return Read(root, vision, warnings);
        CheckLength(root, vision);
        root.Ignore(SharedSection, "processor_class", "auto_map", "image_token", "tokenizer", "chat_template").WarnOfOthers(warnings);
        return root.Section(SharedSection) is { } section ? Read(section, vision, warnings) : null;
    }

    private static ImagePreprocessing Read(ConfigSection section, VisionConfig vision, ConversionWarnings warnings)
    {
        if (section.Text("image_processor_type") is { } type && !type.StartsWith("SiglipImageProcessor", StringComparison.Ordinal))
        {
            throw section.Unsupported("image_processor_type", type, "SiglipImageProcessor");
        }

        section.Ignore(Bookkeeping);
        section.RequireFlag("do_resize", true);
        section.RequireFlag("do_center_crop", false);
        section.RequireFlag("do_pad", false);
        section.Ignore("crop_size", "pad_size");
        CheckSize(section, vision);
        CheckLength(section, vision);
        ImagePreprocessing preprocessing = ReadNormalization(section) with { Interpolation = ReadFilter(section) };
        section.WarnOfOthers(warnings);
        return preprocessing;
    }

    // The tower has so many positions, and no others.
    private static void CheckSize(ConfigSection section, VisionConfig vision)
    {
        string expected = $$"""{"height": {{vision.ImageSize}}, "width": {{vision.ImageSize}}}, the tower's square""";
        if (section.Show("size") is not { } shown) return;
        string side = $"{vision.ImageSize}";

        // One number, and a list of height and width, are what transformers' get_size_dict takes for the same.
        bool isSquare = shown == side || shown.Replace(" ", "", StringComparison.Ordinal) == $"[{side},{side}]"
            || (section.IsObject("size") && section.Section("size") is { } size && size.Show("height") == side
                && size.Show("width") == side);
        if (!isSquare) throw section.Unsupported("size", shown, expected);
    }

    private static void CheckLength(ConfigSection section, VisionConfig vision)
    {
        if (section.OptionalInteger("image_seq_length") is { } length && length != vision.Patches)
        {
            throw section.Unsupported("image_seq_length",
                $"{length}", $"{vision.Patches}, the patches of a picture of {vision.ImageSize} pixels");
        }
    }

    // The numbers are those of Pillow's Resampling.
    private static Interpolation ReadFilter(ConfigSection section) =>
        section.OptionalInteger("resample", least: 0, most: FilterNames.Length - 1) switch
    {
        null or 3 => Interpolation.Bicubic,
        2 => Interpolation.Bilinear,
        { } other => throw section.Unsupported("resample", $"{other} ({FilterNames[other]})", "3 (bicubic) or 2 (bilinear)"),
    };

    // A pixel becomes (value * factor - mean) / deviation. The file's mean and deviation are for values / 255, so another factor goes into
    // both.
    private static ImagePreprocessing ReadNormalization(ConfigSection section)
    {
        double factor = section.PositiveNumber("rescale_factor", ToOne);
        if (section.Flag("do_rescale") is false) factor = 1;
        double[] mean = ReadChannels(section, "image_mean", positive: false) ?? [0.5, 0.5, 0.5];
        double[] deviation = ReadChannels(section, "image_std", positive: true) ?? [0.5, 0.5, 0.5];
        if (section.Flag("do_normalize") is false) (mean, deviation) = ([0, 0, 0], [1, 1, 1]);
        double scale = factor / ToOne;
        if (Math.Abs(scale - 1) < 1e-6) scale = 1;
        ImagePreprocessing result = Siglip with { Mean = Scaled(mean), Deviation = Scaled(deviation) };
        return result.Mean.All(float.IsFinite) && result.Deviation.All(value => float.IsNormal(value))
            ? result
            : throw section.Refused("rescale_factor", "with the mean and the deviation, it makes numbers that are out of range");

        float[] Scaled(double[] values) => [.. values.Select(value => (float)(value / scale))];
    }

    private static double[]? ReadChannels(ConfigSection section, string key, bool positive)
    {
        if (section.Show(key) is not { } shown) return null;
        double[] channels = section.NumberAlone(key) is { } all ? [all, all, all] : [.. section.Array(key)!.Select(Number)];
        if (channels.Length == 3
            && channels.All(value => double.IsFinite(value) && float.IsFinite((float)value) && (!positive || (float)value > 0)))
        {
            return channels;
        }

        throw section.Unsupported(key, shown, positive ? "three positive numbers" : "three numbers");
    }

    private static double Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? number : double.NaN;
}
