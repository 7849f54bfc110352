using System.CommandLine;
using Microsoft.Extensions.Configuration;

namespace PaliGguf.Cli.Settings;

/// <summary>The settings that are on the command line: "--gpu-layers 0" is the setting "GpuLayers".</summary>
internal static class CommandLineSource
{
    public static IConfigurationBuilder AddOptions(this IConfigurationBuilder configuration, ParseResult parse)
    {
        Dictionary<string, string?> values = new(StringComparer.OrdinalIgnoreCase);
        foreach (Option option in CommonOptions.All.Concat(SamplingOptionSet.All).Concat(InstanceOptionSet.All).Concat(ServeOptions.All))
        {
            if (parse.GetResult(option) is not { Implicit: false } given) continue;
            string value = given.Tokens.Count == 0 ? bool.TrueString
                : option.ValueType.IsArray ? string.Join(UserSettings.ListSeparator, given.Tokens.Select(token => token.Value))
                : given.Tokens[^1].Value;
            values[UserSettings.Key(option.Name.Replace("-", "", StringComparison.Ordinal))] = value;
        }

        return configuration.AddInMemoryCollection(values);
    }
}
