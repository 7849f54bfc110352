using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace PaliGguf.Training.Options;

/// <summary>The forms of options: texts, switches, one of some words, numbers in a range.</summary>
internal static class OptionForms
{
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    public static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value };

    public static Option<string> Text(string name, string value, string other, string description) =>
        new(name) { Description = $"{description} Default: {other}.", HelpName = value, DefaultValueFactory = _ => other };

    /// <summary>A number that is above zero where it is given (<see cref="Positive"/>).</summary>
    public static Option<T?> Number<T>(string name, string description)
        where T : struct, INumber<T> => new(name) { Description = description, HelpName = typeof(T) == typeof(double) ? "X" : "N" };

    public static Option<T> Number<T>(string name, T other, T least, T most, string description)
        where T : struct, INumber<T>
    {
        string told = T.IsZero(other) ? description : $"{description} Default: {other}.";
        Option<T> option = new(name) { Description = told, HelpName = "X", DefaultValueFactory = _ => other };
        option.Validators.Add(result =>
        {
            string? text = result.Tokens.Count == 1 ? result.Tokens[0].Value : null;
            if (T.TryParse(text, CultureInfo.InvariantCulture, out T value) && !(value >= least && value <= most))
            {
                result.AddError($"{name} is {text}; expected {least} to {most}");
            }
        });
        return option;
    }

    public static Option<string> OneOf(string name, string other, string description, params string[] values)
    {
        Option<string> option = new(name) { Description = $"{description} Default: {other}.", DefaultValueFactory = _ => other };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    public static Option<string?> OneOfOrNone(string name, string description, params string[] values)
    {
        Option<string?> option = new(name) { Description = description };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    /// <summary>The value of an option that may be left out.</summary>
    /// <exception cref="PaliException">It is not above zero.</exception>
    public static T? Positive<T>(this ParseResult parse, Option<T?> option, bool zero = false)
        where T : struct, INumber<T>
    {
        T? value = parse.GetValue(option);
        return value is { } number && !(number > T.Zero || (zero && number == T.Zero))
            ? throw new PaliException($"{option.Name} is {number}; expected more than 0.")
            : value;
    }
}
