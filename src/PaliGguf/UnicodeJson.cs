using System.Text.Json;
using System.Text.Unicode;

namespace PaliGguf;

/// <summary>
/// Looks for what passes the parser of JSON and fails where its text is asked for: bytes that are not UTF-8, and halves of surrogate pairs.
/// </summary>
internal static class UnicodeJson
{
    /// <summary>Whether all names and texts of a JSON document are Unicode.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static bool IsIn(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) return false;
        if (json.IndexOf("\\u"u8) < 0) return true;
        Utf8JsonReader reader = new(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && reader.ValueIsEscaped && !HasText(ref reader))
                return false;
        }

        return true;
    }

    private static bool HasText(ref Utf8JsonReader reader)
    {
        try
        {
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
