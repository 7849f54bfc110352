using System.Globalization;
using Microsoft.Extensions.Configuration;
using PaliGguf.Hosting.Requests;

namespace PaliGguf.Hosting.Settings;

/// <summary>
/// What is set, wherever: a key "PaliGguf:GpuLayers" comes from appsettings.json, PALIGGUF_GPU_LAYERS or --gpu-layers. Reading a value that is not of its kind throws
/// <see cref="UsageException"/>.
/// </summary>
internal abstract class SettingsSection(IConfiguration configuration)
{
    /// <summary>Stands between the entries of a list that is one text, as in an environment variable.</summary>
    public const char ListSeparator = ';';

    public const string Section = "PaliGguf";

    public static string Key(string setting) => ConfigurationPath.Combine(Section, setting);

    protected string? Text(string setting) => configuration[Key(setting)] is { Length: > 0 } text ? text : null;

    /// <summary>The path of a file or a folder.</summary>
    protected string? Path(string setting) => Text(setting) is { } text ? LocalPath(text) : null;

    /// <summary>The path that a text names.</summary>
    protected static string LocalPath(string text)
    {
        LocalName name = LocalName.Of(text);
        return name.Problem is { } problem ? throw new UsageException($"{text}: {problem}.") : name.Path;
    }

    protected IEnumerable<string> List(string setting) =>
        Text(setting)?.Split(ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        ?? configuration.GetSection(Key(setting)).GetChildren().Select(child => child.Value).OfType<string>();

    protected int? Integer(string setting) =>
        Text(setting) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value
        : throw Invalid(setting, text, "a whole number");

    protected int? Integer(string setting, int least, int most) =>
        Integer(setting) is not { } value ? null
        : value >= least && value <= most ? value
        : throw Invalid(setting, Text(setting)!, $"{least} to {most}");

    protected float? Number(string setting) =>
        Text(setting) is not { } text ? null
        : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) ? value
        : throw Invalid(setting, text, "a number");

    protected float? Fraction(string setting) =>
        Number(setting) is not { } number || number is >= 0 and <= 1 ? Number(setting) : throw Invalid(setting, Text(setting)!, "a number from 0 to 1");

    /// <summary>An amount of memory.</summary>
    protected long? Bytes(string setting) =>
        Text(setting) is not { } text ? null
        : ByteSize.TryParse(text, out long bytes) ? bytes
        : throw Invalid(setting, text, "a size like 4GiB or 800MB");

    /// <summary>A time: a number of seconds, or one with a unit: "500ms", "10s", "5m", "1h".</summary>
    protected TimeSpan? Time(string setting)
    {
        if (Text(setting) is not { } text) return null;
        string number = text.TrimEnd(['m', 's', 'h']);
        double? unit = text[number.Length..] switch { "ms" => 0.001, "s" or "" => 1, "m" => 60, "h" => 3600, _ => null };
        bool valid = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value * unit <= TimeSpan.MaxValue.TotalSeconds / 2;
        return valid ? TimeSpan.FromSeconds(value * unit!.Value) : throw Invalid(setting, text, "a time like 500ms, 10s, 5m or 1h");
    }

    protected T? Choice<T>(string setting, string expected)
        where T : struct, Enum =>
        Text(setting) is not { } text ? null
        : char.IsAsciiLetter(text[0]) && Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) ? value
        : throw Invalid(setting, text, expected);

    protected bool Flag(string setting) => Text(setting) switch
    {
        null or "0" => false,
        "1" => true,
        { } text => bool.TryParse(text, out bool value) ? value : throw Invalid(setting, text, "true or false"),
    };

    protected static UsageException Invalid(string setting, string found, string expected) => new($"the setting {setting} is '{found}'; expected {expected}.");
}
