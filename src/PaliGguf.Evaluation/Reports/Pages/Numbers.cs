using System.Globalization;
using PaliGguf.Evaluation.Statistics;

namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>Numbers as tables and pages print them.</summary>
public static class Numbers
{
    /// <summary>A value of a metric.</summary>
    public static string Value(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0000}");

    /// <summary>A difference of two, with its sign.</summary>
    public static string Difference(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:+0.0000;-0.0000;0.0000}");

    /// <summary>An interval; empty where there is none.</summary>
    public static string Interval(Interval? interval) => interval is { } ends ? $"{Value(ends.Low)} to {Value(ends.High)}" : "";

    /// <summary>The probability of a test.</summary>
    public static string P(double p) => double.IsNaN(p) ? "" : string.Create(CultureInfo.InvariantCulture, $"{p:0.000}");

    /// <summary>A level as a percentage: "95 %".</summary>
    public static string Percent(double level) => string.Create(CultureInfo.InvariantCulture, $"{100 * level:0.#} %");

    /// <summary>A whole number.</summary>
    public static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>A mean length.</summary>
    public static string Length(double tokens) => string.Create(CultureInfo.InvariantCulture, $"{tokens:0.0}");
}
