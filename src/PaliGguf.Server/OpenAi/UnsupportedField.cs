using System.Globalization;
using System.Text.Json;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.OpenAi;

/// <summary>A field that is refused where it asks for something.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Reason">Why it is refused, the beginning of a sentence.</param>
/// <param name="Neutral">Numbers and texts with which it asks for nothing.</param>
internal sealed record UnsupportedField(string Name, string Reason, params string[] Neutral)
{
    /// <summary>Goes through a request.</summary>
    /// <exception cref="RejectionException">It asks for something that is not done.</exception>
    public static void Refuse(JsonElement request, IEnumerable<UnsupportedField> fields)
    {
        foreach (UnsupportedField field in fields)
        {
            if (request.TryGetProperty(field.Name, out JsonElement value) && field.Asks(value))
                throw Rejection.Unsupported(field.Name, $"{field.Reason}: leave '{field.Name}' out.");
        }
    }

    private bool Asks(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => false,
        JsonValueKind.Number => !Array.Exists(
            Neutral, neutral => value.TryGetDouble(out double number) && number == double.Parse(neutral, CultureInfo.InvariantCulture)),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.GetPropertyCount() > 0,
        JsonValueKind.String => !value.ValueEquals("") && !Array.Exists(Neutral, neutral => value.ValueEquals(neutral)),
        _ => true,
    };
}
