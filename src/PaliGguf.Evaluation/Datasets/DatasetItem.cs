using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>An object of a JSON file, and where it stands.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">Its line, from 1 on.</param>
/// <param name="Array">The name of the array that it is in; empty for one of lines, or of a file that is an array.</param>
/// <param name="Value">The object.</param>
internal readonly record struct DatasetItem(string Path, long Line, string Array, JsonElement Value)
{
    /// <summary>An object that has just been read.</summary>
    /// <exception cref="PaliException">It holds text that is not Unicode.</exception>
    public static DatasetItem Of(string path, long line, string array, JsonElement value)
    {
        DatasetItem item = new(path, line, array, value.Clone());
        return UnicodeJson.IsIn(JsonMarshal.GetRawUtf8Value(item.Value)) ? item : throw item.Error("it holds text that is not Unicode.");
    }

    /// <summary>A row of a file of rows.</summary>
    /// <exception cref="PaliException">It holds text that is not Unicode.</exception>
    public static DatasetItem Of(string path, TableRow row)
    {
        using JsonDocument document = JsonDocument.Parse(row.Json);
        return Of(path, row.Number, "", document.RootElement);
    }

    /// <summary>Where it stands.</summary>
    public string Place => $"{Path}, line {Line}";

    /// <summary>What is wrong with it.</summary>
    public PaliException Error(string problem) => new($"{Place}: {problem}");

    /// <summary>The first of some fields that is there, and not null.</summary>
    public JsonElement? Find(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (Value.TryGetProperty(name, out JsonElement field) && field.ValueKind != JsonValueKind.Null) return field;
        }

        return null;
    }

    /// <summary>A text or a whole number, as a text.</summary>
    public string Name(params ReadOnlySpan<string> names) => Find(names) switch
    {
        { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: > 0 } name => name,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out long name) => name.ToString(CultureInfo.InvariantCulture),
        null => throw Error($"there is no {Or(names)}."),
        { } other => throw Error($"{Or(names)} is {Short(other)}; expected a text or a whole number."),
    };

    /// <summary>A text, or null where there is none of the fields.</summary>
    public string? FindText(params ReadOnlySpan<string> names) => Find(names) switch
    {
        null => null,
        { } value => Text(value, Or(names)),
    };

    /// <summary>A text; a number counts as the text that it is written as.</summary>
    public string Text(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => throw Error($"{name} is {Short(value)}; expected a text."),
    };

    /// <summary>Names as a sentence lists them: 'a', 'b' or 'c'.</summary>
    public static string Or(ReadOnlySpan<string> names)
    {
        string[] quoted = [.. names.ToArray().Select(name => $"'{name}'")];
        return quoted.Length == 1 ? quoted[0] : string.Join(", ", quoted[..^1]) + " or " + quoted[^1];
    }

    private static string Short(JsonElement value)
    {
        const int Longest = 40;
        string text = value.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= Longest ? text : text[..Longest] + "...";
    }
}
