using System.Text.Json;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Configuration;

/// <summary>
/// One object of a JSON configuration. A value that is absent or null takes its default; one of the wrong kind or out of range is an
/// error that names the file, the key and the value. It remembers what was asked for, so that what nobody knows does not pass in silence.
/// </summary>
internal sealed class ConfigSection(JsonElement json, string path, string prefix = "")
{
    private const int MostListed = 10;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public string Path => path;

    /// <summary>Tells of keys that make no difference to what a model answers.</summary>
    public ConfigSection Ignore(params IEnumerable<string> keys)
    {
        _known.UnionWith(keys);
        return this;
    }

    /// <summary>Warns of all keys that were neither asked for nor ignored: whatever they are for, it is not done.</summary>
    public void WarnOfOthers(ConversionWarnings warnings)
    {
        string[] others =
            [.. json.EnumerateObject().Where(entry => entry.Value.ValueKind != JsonValueKind.Null && !_known.Contains(entry.Name))
                .Select(entry => prefix + entry.Name)];
        if (others.Length == 0) return;
        string more = others.Length > MostListed ? $" and {others.Length - MostListed} more" : "";
        warnings.Add(path, $"unknown and not taken into account: {string.Join(", ", others.Take(MostListed).Select(OneLine.Show))}{more}");
    }

    public ConfigSection? Section(string key)
    {
        if (!TryGet(key, out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.Object) throw Bad(key, value, "an object");
        return new ConfigSection(value, path, prefix + key + ".");
    }

    public int Integer(string key, int fallback, int least = 1, int most = 1 << 20) => OptionalInteger(key, least, most) ?? fallback;

    public int RequiredInteger(string key, int least = 1, int most = 1 << 20) => OptionalInteger(key, least, most) ?? throw Missing(key);

    public int? OptionalInteger(string key, int least = 1, int most = 1 << 20)
    {
        if (!TryGet(key, out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int number) || number < least || number > most)
        {
            throw Bad(key, value, $"a whole number from {least} to {most}");
        }

        return number;
    }

    public double PositiveNumber(string key, double fallback) => TryGet(key, out JsonElement value) ? PositiveNumber(key, value) : fallback;

    public string? Text(string key)
    {
        if (!TryGet(key, out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.String) throw Bad(key, value, "a string");
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            throw Bad(key, value, "a string");
        }
    }

    public bool? Flag(string key)
    {
        if (!TryGet(key, out JsonElement value)) return null;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) throw Bad(key, value, "true or false");
        return value.GetBoolean();
    }

    /// <summary>One token's id or a list of them, as <c>eos_token_id</c> is; null if it is absent.</summary>
    public IReadOnlyList<int>? Tokens(string key, int most)
    {
        if (!TryGet(key, out JsonElement value)) return null;
        JsonElement[] ids = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        return [.. ids.Select(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out int number) && number >= 0 && number <= most
            ? number : throw Bad(key, value, "a token's id or a list of them"))];
    }

    public IReadOnlyList<JsonElement>? Array(string key)
    {
        if (!TryGet(key, out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.Array) throw Bad(key, value, "a list");
        return value.EnumerateArray().ToArray();
    }

    /// <summary>The entries of an object of positive numbers, in the file's order; none if it is absent.</summary>
    public IReadOnlyList<(string Name, double Value)> PositiveNumbers(string key)
    {
        if (!TryGet(key, out JsonElement value)) return [];
        if (value.ValueKind != JsonValueKind.Object) throw Bad(key, value, "an object");
        ConfigSection section = new(value, path, prefix + key + ".");
        return [.. value.EnumerateObject().Select(entry => (entry.Name, section.PositiveNumber(entry.Name, entry.Value)))];
    }

    /// <summary>Refuses every value but false and those that stand for none; an absent one is fine.</summary>
    public void RequireNone(string key, string meaning)
    {
        if (IsSet(key)) throw Refused(key, meaning);
    }

    /// <summary>Refuses every number but one that changes nothing; an absent one is fine, and so is false.</summary>
    public void RequireNeutral(string key, double neutral, string meaning)
    {
        if (!TryGet(key, out JsonElement value) || value.ValueKind == JsonValueKind.False) return;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || number != neutral)
            throw Refused(key, meaning);
    }

    /// <summary>Whether a value is there that is neither false nor empty.</summary>
    public bool IsSet(string key) => TryGet(key, out JsonElement value) && value.ValueKind switch
    {
        JsonValueKind.False => false,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.GetPropertyCount() > 0,
        _ => true,
    };

    /// <summary>The value of a key as its file has it, in one line; null if it is absent.</summary>
    public string? Show(string key) => TryGet(key, out JsonElement value) ? OneLine.Show(value.GetRawText()) : null;

    /// <summary>An error that a key's value is what can not be done.</summary>
    public ModelFormatException Refused(string key, string meaning) => new(path, $"{prefix}{key} is {Show(key)}: {meaning}");

    /// <summary>Whether the key's value is true or false, where it may also be of another kind.</summary>
    public bool IsFlag(string key) => TryGet(key, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False;

    /// <summary>Whether the key's value is an object, where it may also be of another kind.</summary>
    public bool IsObject(string key) => TryGet(key, out JsonElement value) && value.ValueKind == JsonValueKind.Object;

    /// <summary>The key's value if it is a number, where it may also be of another kind.</summary>
    public double? NumberAlone(string key) =>
        TryGet(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            ? number : null;

    /// <summary>Whether the key is there and its value is null, where null means something else than the default.</summary>
    public bool IsNull(string key) => json.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>Refuses every value that is not one of <paramref name="supported"/>; an absent one is fine.</summary>
    public void RequireOneOf(string key, params ReadOnlySpan<string> supported)
    {
        if (Text(key) is not { } value || supported.Contains(value)) return;
        throw Unsupported(key, value, string.Join(" or ", supported.ToArray()));
    }

    public void RequireFlag(string key, bool supported)
    {
        if (Flag(key) is { } value && value != supported) throw Unsupported(key, value ? "true" : "false", supported ? "true" : "false");
    }

    public ModelFormatException Unsupported(string key, string value, string supported) =>
        new(path, $"{prefix}{key} is {OneLine.Show(value)}, which is not supported: expected {supported}");

    public ModelFormatException Missing(string key) => new(path, $"{prefix}{key} is missing");

    private double PositiveNumber(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && IsPositiveFloat(number) ? number : throw Bad(key, value, "a positive number");

    private static bool IsPositiveFloat(double number) => number > 0 && float.IsFinite((float)number) && (float)number > 0;

    private bool TryGet(string key, out JsonElement value)
    {
        _known.Add(key);
        return json.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;
    }

    private ModelFormatException Bad(string key, JsonElement value, string expected) =>
        new(path, $"{prefix}{key} is {OneLine.Show(value.GetRawText())}, expected {expected}");
}
