using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace PaliGguf.Evaluation.Tests.Metrics;

/// <summary>Compares what ours gives with a value of a case: numbers to 1e-9, as far as they are written.</summary>
internal static class Expected
{
    // Numbers are rounded to 10 significant digits, below 1 to 10 decimals.
    public const double Relative = 1e-9;
    private const double Rounding = 6e-11;

    public static string[] Texts(this JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    public static bool IsError(this JsonElement value) => value.ValueKind == JsonValueKind.String
        && value.GetString()!.StartsWith("error", StringComparison.Ordinal);

    /// <summary>Compares a number, a text, or lists and objects of them.</summary>
    /// <param name="expected">The case's value.</param>
    /// <param name="actual">A number, a text, a list, or for an object a dictionary that has at least its names.</param>
    /// <param name="what">Where it stands.</param>
    /// <param name="relative">How far a number may be off.</param>
    public static void Equal(JsonElement expected, object? actual, string what, double relative = Relative)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Number:
                Near(expected.GetDouble(), Convert.ToDouble(actual, CultureInfo.InvariantCulture), what, relative);
                break;
            case JsonValueKind.String when actual is double number:
                Assert.True(expected.GetString() == number.ToString(CultureInfo.InvariantCulture)
                    .Replace("∞", "Infinity"), $"{what}: {number}, not {expected}");
                break;
            case JsonValueKind.String:
                Assert.True(expected.GetString() == (string?)actual, $"{what}: '{actual}', not '{expected}'");
                break;
            case JsonValueKind.Null:
                Assert.True(actual is null, $"{what}: {actual}, not null");
                break;
            case JsonValueKind.True or JsonValueKind.False:
                Assert.True(expected.GetBoolean() == (bool)actual!, $"{what}: {actual}, not {expected}");
                break;
            case JsonValueKind.Array:
                object?[] items = [.. ((IEnumerable)actual!).Cast<object?>()];
                Assert.True(expected.GetArrayLength() == items.Length, $"{what}: [{string.Join(", ", items)}], not {expected}");
                for (int i = 0; i < items.Length; i++) Equal(expected[i], items[i], $"{what}[{i}]", relative);
                break;
            case JsonValueKind.Object:
                IReadOnlyDictionary<string, object> fields = (IReadOnlyDictionary<string, object>)actual!;
                foreach (JsonProperty field in expected.EnumerateObject())
                {
                    Assert.True(fields.ContainsKey(field.Name), $"{what}: there is no {field.Name}");
                    Equal(field.Value, fields[field.Name], $"{what}.{field.Name}", relative);
                }

                break;
            default:
                Assert.Fail($"{what}: {expected} is nothing to compare with.");
                break;
        }
    }

    public static void Near(double expected, double actual, string what, double relative)
    {
        // A value that rounding to decimals would have made 0 is written in full.
        double rounding = expected == 0 || Math.Abs(expected) > Rounding ? Rounding : 0;
        Assert.True(Math.Abs(expected - actual) <= Math.Max(relative * Math.Abs(expected), rounding),
            $"{what}: {actual:R}, not {expected:R}");
    }
}
