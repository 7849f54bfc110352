using System.Text.Json;

namespace PaliGguf.Batch.Sources;

/// <summary>
/// What an object of JSON says of a picture: <c>image</c>, <c>id</c>, and what is asked about it, <c>task</c> or <c>prompt</c>, a text or a
/// list of texts.
/// </summary>
internal sealed record ItemFields(string? Id, string? Image, IReadOnlyList<Question> Questions)
{
    private const int MostQuestions = 256;

    /// <summary>Reads an object.</summary>
    /// <exception cref="FormatException">It is none, or a field has the wrong type or says what is not understood.</exception>
    public static ItemFields Read(ReadOnlyMemory<byte> json, string language) =>
        Parse(json, item => new ItemFields(Name(item, "id"), Name(item, "image"), Asked(item, language)));

    /// <summary>The questions of a row or a sample, whose other fields may be anything.</summary>
    /// <inheritdoc cref="Read(ReadOnlyMemory{byte}, string)"/>
    public static IReadOnlyList<Question> OfTable(ReadOnlyMemory<byte> json, string language) => Parse(json, item => Asked(item, language));

    private static T Parse<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T> read)
    {
        try
        {
            if (!UnicodeJson.IsIn(json.Span)) throw new FormatException("it holds text that is not Unicode");
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement item = document.RootElement;
            return item.ValueKind == JsonValueKind.Object ? read(item) : throw new FormatException("expected an object in braces");
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is no JSON: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message.ReplaceLineEndings(" "), e);
        }
    }

    private static Question[] Asked(JsonElement item, string language)
    {
        IEnumerable<Question> tasks = Texts(item, "task").Select(task => Question.OfTask(task, language));
        Question[] questions = [.. tasks.Concat(Texts(item, "prompt").Select(Question.OfPrompt)).Take(MostQuestions + 1)];
        if (questions.Length > MostQuestions) throw new FormatException($"it asks more than {MostQuestions} questions");
        if (questions.DistinctBy(question => question.Name, StringComparer.Ordinal).Count() < questions.Length)
            throw new FormatException("it asks the same twice");
        return questions;
    }

    private static string? Name(JsonElement item, string field)
    {
        if (!item.TryGetProperty(field, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return null;
        string? name = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number when field == "id" => value.GetRawText(),
            _ => null,
        };
        return name is { Length: > 0 } ? name : throw new FormatException($"its '{field}' is no text");
    }

    private static IEnumerable<string> Texts(JsonElement item, string field)
    {
        if (!item.TryGetProperty(field, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return [];
        IEnumerable<JsonElement> all = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
        return all.Select(one => one.ValueKind == JsonValueKind.String ? one.GetString()!
            : throw new FormatException($"its '{field}' is neither a text nor a list of texts"));
    }
}
