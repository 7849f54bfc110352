namespace PaliGguf.Hosting.Settings;

/// <summary>An option of a command line that is also a setting, of the same name without hyphens. What is not given is looked for elsewhere, so none has a default value.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Value">What its value is called; null for an option without one.</param>
/// <param name="Description">What it does.</param>
/// <param name="Kind">What its value is.</param>
internal sealed record SettingOption(string Name, string? Value, string Description, OptionKind Kind = OptionKind.Text);

/// <summary>What the value of an option is.</summary>
internal enum OptionKind
{
    /// <summary>A text, of which the setting knows what it may be.</summary>
    Text,

    /// <summary>A whole number.</summary>
    WholeNumber,

    /// <summary>A text of several: the option may be given more than once.</summary>
    List,
}
