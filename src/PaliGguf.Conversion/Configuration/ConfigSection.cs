using System.Text.Json;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Configuration;

/// <summary>
/// One object of a JSON configuration. A value that is absent or null takes its default; one of the wrong kind or out of range is an
/// error that names the file, the key and the value.
/// </summary>
internal readonly struct ConfigSection(JsonElement json, string path, string prefix = "")
{
    public string Path => path;

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
        if (!TryGet(key, out JsonElement value)) return;
        bool none = value.ValueKind switch
        {
            JsonValueKind.False => true,
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => value.GetPropertyCount() == 0,
            _ => false,
        };
        if (!none) throw new ModelFormatException(path, $"{prefix}{key} is {OneLine.Show(value.GetRawText())}: {meaning}");
    }

    /// <summary>Whether the key's value is true or false, where it may also be of another kind.</summary>
    public bool IsFlag(string key) => TryGet(key, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False;

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

    private bool TryGet(string key, out JsonElement value) => json.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;

    private ModelFormatException Bad(string key, JsonElement value, string expected) =>
        new(path, $"{prefix}{key} is {OneLine.Show(value.GetRawText())}, expected {expected}");
}
