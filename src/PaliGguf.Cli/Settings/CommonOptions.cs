using System.CommandLine;

namespace PaliGguf.Cli.Settings;

/// <summary>
/// The options that every command has. Each is also a setting of the same name without hyphens (<see cref="UserSettings"/>), so none has a
/// default value here: what is not on the command line is looked for elsewhere.
/// </summary>
internal static class CommonOptions
{
    public static IReadOnlyList<Option> All { get; } =
    [
        Of<string>("--lang", "The language of the answer: en, de, th, ... or its name. Default: en.", "CODE"),
        Of<bool>("--ignore-eos", "Go on after the end of the answer, up to --max-tokens."),
        .. ModelOptionSet.All.Select(Of),
        Of<bool>("--json", "Print one JSON object instead of text."),
    ];

    public static Option<bool> Verbose { get; } = All.OfType<Option<bool>>().Single(option => option.Name == "--verbose");

    internal static Option Of(SettingOption option) => option switch
    {
        { Value: null } => Of<bool>(option.Name, option.Description),
        { Kind: OptionKind.WholeNumber } => Of<int>(option.Name, option.Description, option.Value),
        { Kind: OptionKind.List } => Of<string[]>(option.Name, option.Description, option.Value),
        _ => Of<string>(option.Name, option.Description, option.Value),
    };

    internal static Option<T> Of<T>(string name, string description, string? value = null) =>
        new(name) { Description = description, HelpName = value, Recursive = true };
}
