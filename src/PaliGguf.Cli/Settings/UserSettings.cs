using System.Globalization;
using Microsoft.Extensions.Configuration;
using PaliGguf.Adapters;
using PaliGguf.Cli.Adapters;
using PaliGguf.Gguf;
using PaliGguf.Language;
using PaliGguf.Memory;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Settings;

/// <summary>
/// What the user has set, wherever: a key "PaliGguf:GpuLayers" comes from appsettings.json, PALIGGUF_GPU_LAYERS or --gpu-layers.
/// Reading a value that is not of its kind throws <see cref="UsageException"/>.
/// </summary>
internal sealed class UserSettings(IConfiguration configuration)
{
    /// <summary>Stands between the entries of a list that is one text, as in an environment variable.</summary>
    public const char ListSeparator = ';';

    private const string Section = "PaliGguf";

    // What the native library holds.
    private const int MaxBeams = 256;

    /// <summary>The text GGUF or a folder; null for the embedded model.</summary>
    public string? Model => Text(nameof(Model));

    public string? Vision => Text(nameof(Vision));

    /// <summary>The adapters to answer with: a JSON list, or one text with semicolons in between.</summary>
    public IReadOnlyList<AdapterFile> Lora => [.. List(nameof(Lora)).Select(ScaledPath.Parse).Select(adapter => new AdapterFile(adapter.Path, adapter.Scale))];

    public string Lang => Text(nameof(Lang)) ?? "en";

    public int MaxTokens => Integer(nameof(MaxTokens)) ?? 256;

    public int Beams => Integer(nameof(Beams)) is not { } beams ? 1
        : beams is >= 1 and <= MaxBeams ? beams
        : throw Invalid(nameof(Beams), beams.ToString(CultureInfo.InvariantCulture), $"1 to {MaxBeams}");

    public bool IgnoreEos => Flag(nameof(IgnoreEos));

    public int? Threads => Integer(nameof(Threads));

    public int GpuLayers => Integer(nameof(GpuLayers)) ?? -1;

    public int? Context => Integer(nameof(Context));

    /// <summary>Limits on the memory; null for none.</summary>
    public MemoryLimits? Memory
    {
        get
        {
            if (Text("Ram") is null && Text("Vram") is null) return null;
            return new MemoryLimits(Size("Ram", free => free.Ram), Size("Vram", free => free.Vram));
        }
    }

    public VisionPlacement? Tower => Choice<VisionPlacement>(nameof(Tower), "gpu, cpu or staged");

    public GgmlType? KvType => Choice<GgmlType>(nameof(KvType), "f16, f32 or q8_0") switch
    {
        null => null,
        (GgmlType.F16 or GgmlType.F32 or GgmlType.Q8_0) and var type => type,
        { } other => throw Invalid(nameof(KvType), other.Name, "f16, f32 or q8_0"),
    };

    public bool NoMmap => Flag(nameof(NoMmap));

    public bool NoRepack => Flag(nameof(NoRepack));

    public bool Json => Flag(nameof(Json));

    public bool Verbose => Flag(nameof(Verbose));

    public SamplingOptions Sampling => new()
    {
        Temperature = Number("Temperature") ?? 0,
        TopK = Integer("TopK") ?? 0,
        TopP = Number("TopP") ?? 1,
        MinP = Number("MinP") ?? 0,
        Seed = Integer("Seed"),
    };

    public DetectionOptions Instances => new()
    {
        MinScore = Fraction("MinScore") ?? 0,
        NonMaximumSuppression = Fraction("Nms"),
        Free = Flag("Free"),
        MaxTokens = Integer(nameof(MaxTokens)) ?? new DetectionOptions().MaxTokens,
    };

    public static string Key(string setting) => ConfigurationPath.Combine(Section, setting);

    private string? Text(string setting) => configuration[Key(setting)] is { Length: > 0 } text ? text : null;

    private IEnumerable<string> List(string setting) =>
        Text(setting)?.Split(ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        ?? configuration.GetSection(Key(setting)).GetChildren().Select(child => child.Value).OfType<string>();

    private int? Integer(string setting) =>
        Text(setting) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value
        : throw Invalid(setting, text, "a whole number");

    private float? Number(string setting) =>
        Text(setting) is not { } text ? null
        : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) ? value
        : throw Invalid(setting, text, "a number");

    private float? Fraction(string setting) =>
        Number(setting) is not { } number || number is >= 0 and <= 1 ? Number(setting) : throw Invalid(setting, Text(setting)!, "a number from 0 to 1");

    private long? Size(string setting, Func<MemoryLimits, long?> free) =>
        Text(setting) is not { } text ? null
        : text.Equals("auto", StringComparison.OrdinalIgnoreCase) ? free(MemoryLimits.Free())
        : ByteSize.TryParse(text, out long bytes) ? bytes
        : throw Invalid(setting, text, "a size like 4GiB or 800MB, or 'auto'");

    private T? Choice<T>(string setting, string expected)
        where T : struct, Enum =>
        Text(setting) is not { } text ? null
        : char.IsAsciiLetter(text[0]) && Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) ? value
        : throw Invalid(setting, text, expected);

    private bool Flag(string setting) => Text(setting) switch
    {
        null or "0" => false,
        "1" => true,
        { } text => bool.TryParse(text, out bool value) ? value : throw Invalid(setting, text, "true or false"),
    };

    private static UsageException Invalid(string setting, string found, string expected) => new($"the setting {setting} is '{found}'; expected {expected}.");
}
