using Microsoft.Extensions.Configuration;

namespace PaliGguf.Hosting.Settings;

/// <summary>The settings that are in files: appsettings.json beside the program, then in the working directory.</summary>
internal static class SettingsFiles
{
    private const string FileName = "appsettings.json";

    public static IConfigurationBuilder AddSettingsFiles(this IConfigurationBuilder configuration)
    {
        foreach (string folder in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory }.Select(Path.TrimEndingDirectorySeparator).Distinct(StringComparer.Ordinal))
        {
            string file = Path.Combine(folder, FileName);
            // Where there is none, nothing that reads JSON is loaded.
            if (File.Exists(file)) configuration.AddJsonFile(file, optional: true, reloadOnChange: false);
        }

        return configuration;
    }
}
