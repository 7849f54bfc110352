using System.CommandLine;
using Microsoft.Extensions.Configuration;

namespace PaliGguf.Cli.Settings;

/// <summary>The settings that are on the command line: "--gpu-layers 0" is the setting "GpuLayers".</summary>
internal static class CommandLineSource
{
    // What is set otherwise than by an option.
    private static readonly string[] Others = ["ApiKey", "BrokerPassword", "BrokerUser", "Logging"];

    private static IEnumerable<Option> Options =>
        CommonOptions.All.Concat(SamplingOptionSet.All).Concat(InstanceOptionSet.All).Concat(ServeOptions.All)
            .Concat(BrokerOptionSet.All);

    /// <summary>The names of all settings.</summary>
    public static IEnumerable<string> Settings => Options.Select(Setting).Concat(Others);

    public static IConfigurationBuilder AddOptions(this IConfigurationBuilder configuration, ParseResult parse)
    {
        Dictionary<string, string?> values = new(StringComparer.OrdinalIgnoreCase);
        foreach (Option option in Options)
        {
            if (parse.GetResult(option) is not { Implicit: false } given) continue;
            string value = given.Tokens.Count == 0 ? bool.TrueString
                : option.ValueType.IsArray ? string.Join(UserSettings.ListSeparator, given.Tokens.Select(token => token.Value))
                : given.Tokens[^1].Value;
            values[UserSettings.Key(Setting(option))] = value;
        }

        return configuration.AddInMemoryCollection(values);
    }

    private static string Setting(Option option) => string.Concat(
        option.Name.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
