using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PaliGguf.Server.Ollama;

/// <summary>How long a model is to stay loaded, as ollama's clients write it: a number of seconds, or a text as "5m", "1h30m" or "-1".</summary>
internal static partial class KeepAlive
{
    private const string Field = "keep_alive";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Reads it.</summary>
    /// <returns>Null where nothing is said; <see cref="Timeout.InfiniteTimeSpan"/> for ever, which is what less than nothing means.</returns>
    /// <exception cref="FieldException">It is no time.</exception>
    public static TimeSpan? Read(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        double? seconds = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String => Parse(FieldReader.Text(value, Field).Trim()),
            _ => null,
        };
        if (seconds is not { } time || !double.IsFinite(time)) throw FieldException.Expected(Field, "seconds, or a time like 5m or -1");
        return time < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(Math.Min(time, Longest.TotalSeconds));
    }

    private static double? Parse(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double plain)) return plain;
        if (text.Length > 40 || Times().Match(text) is not { Success: true } match) return null;
        double seconds = match.Groups["number"].Captures.Zip(match.Groups["unit"].Captures,
            (number, unit) => double.Parse(number.Value, CultureInfo.InvariantCulture) * Seconds(unit.Value)).Sum();
        return match.Groups["minus"].Length > 0 ? -seconds : seconds;
    }

    private static double Seconds(string unit) => unit switch { "h" => 3600, "m" => 60, "s" => 1, _ => 0.001 };

    [GeneratedRegex("^(?<minus>-?)((?<number>[0-9]+([.][0-9]+)?)(?<unit>ms|h|m|s))+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Times();
}
