using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace PaliGguf.Hosting.Requests;

/// <summary>
/// Reads requests as people, forms and agents write them: a number or a truth value may be a text, a list may be one text or the text of a
/// JSON list, and what is null is as good as left out. What is wrong is told with its place, and in the words of JSON.
/// </summary>
internal static class FieldReader
{
    private const string Texts = "a list of texts";

    /// <summary>Reads a request.</summary>
    /// <typeparam name="T">What it says.</typeparam>
    /// <param name="fields">Its fields.</param>
    /// <param name="type">What fields there are. One that is not among them is an error where the type disallows that, and else
    /// ignored.</param>
    /// <param name="apart">Fields that are there, and that somebody else reads.</param>
    /// <exception cref="FieldException">A field is unknown, given twice, missing, or of another form.</exception>
    public static T Read<T>(
        IEnumerable<KeyValuePair<string, JsonElement>> fields, JsonTypeInfo<T> type, params IReadOnlyCollection<string> apart)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json)) WriteObject(writer, fields, type, "", apart);
        return JsonSerializer.Deserialize(json.WrittenSpan, type)!;
    }

    /// <summary>The fields of an object.</summary>
    /// <exception cref="FieldException">It is none.</exception>
    public static IEnumerable<KeyValuePair<string, JsonElement>> Of(JsonElement value, string place = "") =>
        value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, field.Value))
        : throw FieldException.Expected(place, "an object", Kind(value));

    /// <summary>A text.</summary>
    /// <exception cref="FieldException">It is none.</exception>
    public static string Text(JsonElement value, string place, string expected = "a text")
    {
        if (value.ValueKind != JsonValueKind.String) throw FieldException.Expected(place, expected, Kind(value));
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, for example.
            throw FieldException.Expected(place, "a text", "one that is not Unicode");
        }
    }

    /// <summary>What a value is, in a word.</summary>
    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a truth value",
        _ => "null",
    };

    /// <summary>Properties that are left out of JSON have neither.</summary>
    private static IEnumerable<JsonPropertyInfo> FieldsOf(JsonTypeInfo type) =>
        type.Properties.Where(property => property.Get is not null || property.Set is not null);

    private static void WriteObject(Utf8JsonWriter writer,
        IEnumerable<KeyValuePair<string, JsonElement>> fields, JsonTypeInfo type, string path, IReadOnlyCollection<string> apart)
    {
        HashSet<string> seen = new(StringComparer.Ordinal), given = new(StringComparer.Ordinal);
        writer.WriteStartObject();
        foreach ((string name, JsonElement value) in fields)
        {
            JsonPropertyInfo? property =
                FieldsOf(type).FirstOrDefault(candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                if ((type.UnmappedMemberHandling ?? type.Options.UnmappedMemberHandling) == JsonUnmappedMemberHandling.Skip) continue;
                throw new FieldException(path + name,
                    $"There is no field '{path}{name}': there are {string.Join(", ", FieldsOf(type).Select(known => known.Name))}.");
            }

            string place = path + property.Name;
            if (!seen.Add(property.Name)) throw new FieldException(place, $"{place} is given twice.");
            if (value.ValueKind == JsonValueKind.Null) continue;
            given.Add(property.Name);
            if (apart.Contains(property.Name, StringComparer.Ordinal)) continue;
            writer.WritePropertyName(property.Name);
            Write(writer, value, property.PropertyType, type.Options, place);
        }

        writer.WriteEndObject();
        if (type.Properties.FirstOrDefault(property => property.IsRequired && !given.Contains(property.Name)) is { } missing)
        {
            throw FieldException.Missing(path + missing.Name, missing.PropertyType == typeof(string) ? "a text" : Texts);
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, Type property, JsonSerializerOptions options, string place)
    {
        Type type = Nullable.GetUnderlyingType(property) ?? property;
        if (type == typeof(string)) writer.WriteStringValue(Text(value, place));
        else if (type == typeof(IReadOnlyList<string>)) WriteTexts(writer, value, place);
        else if (type == typeof(bool)) writer.WriteBooleanValue(Truth(value, place));
        else if (type == typeof(int)) writer.WriteNumberValue((int)WholeNumber(value, place, int.MinValue, int.MaxValue));
        else if (type == typeof(long)) writer.WriteNumberValue(WholeNumber(value, place, long.MinValue, long.MaxValue));
        else if (type == typeof(float)) writer.WriteNumberValue(Number(value, place));
        else if (type == typeof(JsonElement)) value.WriteTo(writer);
        else WriteObject(writer, Of(value, place), options.GetTypeInfo(type), place + ".", []);
    }

    private static void WriteTexts(Utf8JsonWriter writer, JsonElement value, string place)
    {
        writer.WriteStartArray();
        foreach (string text in TextsOf(value, place)) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static string[] TextsOf(JsonElement value, string place)
    {
        if (value.ValueKind == JsonValueKind.Array)
            return [.. value.EnumerateArray().Select((entry, index) => Text(entry, $"{place}[{index}]"))];
        return TextsOf(Text(value, place, Texts), place);
    }

    /// <summary>A list that is one text: the text of a JSON list, or its only entry.</summary>
    /// <param name="text">The text.</param>
    /// <param name="place">What the list is called.</param>
    /// <exception cref="FieldException">It is a list of something else than texts.</exception>
    public static string[] TextsOf(string text, string place)
    {
        if (text.AsSpan().Trim() is not (['[', .., ']'] or ['"', .., '"'])) return [text];
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? TextsOf(document.RootElement, place) : [Text(document.RootElement, place)];
        }
        catch (JsonException)
        {
            // A text like any other: "[end]".
            return [text];
        }
    }

    private static bool Truth(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(Text(value, place), out bool truth) => truth,
        _ => throw FieldException.Expected(place, "true or false", Kind(value)),
    };

    private static long WholeNumber(JsonElement value, string place, long least, long most)
    {
        if (Digits(value, place) is { } digits && TryWhole(digits, out long number) && number >= least && number <= most) return number;
        throw FieldException.Expected(place, $"a whole number{(most == int.MaxValue ? $" from {least} to {most}" : "")}", Found(value));
    }

    private static bool TryWhole(string digits, out long number)
    {
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)) return true;
        // Some clients know only one kind of numbers: 5.0.
        bool whole = double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value == Math.Truncate(value) && Math.Abs(value) < 1L << 53;
        number = whole ? (long)value : 0;
        return whole;
    }

    private static float Number(JsonElement value, string place) =>
        Digits(value, place) is { } digits && float.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
            && float.IsFinite(number)
            ? number
            : throw FieldException.Expected(place, "a number", Found(value));

    private static string? Digits(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.String => Text(value, place).Trim(),
        _ => null,
    };

    private static string Found(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number or JsonValueKind.String && value.GetRawText() is { Length: <= 40 } text
            ? text : Kind(value);
}
