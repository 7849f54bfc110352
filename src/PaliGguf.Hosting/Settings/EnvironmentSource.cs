using System.Collections;
using Microsoft.Extensions.Configuration;

namespace PaliGguf.Hosting.Settings;

/// <summary>The settings that are environment variables: PALIGGUF_GPU_LAYERS is the setting "GpuLayers"; empty ones are not set.</summary>
internal static class EnvironmentSource
{
    public const string Prefix = "PALIGGUF_";

    public static IConfigurationBuilder AddPrefixedEnvironment(this IConfigurationBuilder configuration)
    {
        Dictionary<string, string?> values = new(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable is not { Key: string name, Value: string { Length: > 0 } value } || !name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) continue;
            // Two underscores separate sections, as elsewhere in .NET.
            string setting = name[Prefix.Length..].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
            values[SettingsSection.Key(setting)] = value;
        }

        return configuration.AddInMemoryCollection(values);
    }
}
