using System.Globalization;
using System.Text;

namespace PaliGguf.Server.Metrics;

/// <summary>Prometheus' text format, version 0.0.4, and the names that OpenTelemetry's metrics have in it (its "Prometheus and OpenMetrics compatibility").</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>A metric's name: "gen_ai.server.request.duration" in seconds is "gen_ai_server_request_duration_seconds".</summary>
    /// <param name="name">The instrument's name.</param>
    /// <param name="unit">Its unit; what stands in braces counts things and is no part of the name.</param>
    /// <param name="isCounter">Whether it only grows.</param>
    public static string MetricName(string name, string? unit, bool isCounter)
    {
        StringBuilder text = new(Name(name));
        string suffix = unit switch
        {
            "s" => "seconds",
            "ms" => "milliseconds",
            "By" => "bytes",
            "1" => isCounter ? "" : "ratio",
            null or "" => "",
            _ when unit[0] == '{' => "",
            _ => Name(unit),
        };
        if (suffix.Length > 0 && !text.ToString().EndsWith("_" + suffix, StringComparison.Ordinal)) text.Append('_').Append(suffix);
        if (isCounter) text.Append("_total");
        return text.ToString();
    }

    /// <summary>A name of letters, digits and underscores.</summary>
    public static string Name(string name)
    {
        string valid = string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'));
        return valid.Length > 0 && char.IsAsciiDigit(valid[0]) ? "_" + valid : valid;
    }

    /// <summary>Labels in braces, or nothing.</summary>
    public static string Labels(IEnumerable<KeyValuePair<string, string>> labels)
    {
        string text = string.Join(',', labels.Select(label => $"{label.Key}=\"{LabelValue(label.Value)}\""));
        return text.Length > 0 ? $"{{{text}}}" : "";
    }

    /// <summary>A help text: backslashes and line feeds are escaped.</summary>
    public static string Help(string text) => text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string LabelValue(string text) => Help(text).Replace("\"", "\\\"", StringComparison.Ordinal);
}
