using Microsoft.Extensions.Configuration;

namespace PaliGguf.Hosting.Settings;

/// <summary>The settings that are in files: appsettings.json beside the program, then in the working directory.</summary>
internal static class SettingsFiles
{
    private const string FileName = "appsettings.json";

    public static IConfigurationBuilder AddSettingsFiles(this IConfigurationBuilder configuration)
    {
        // Where there is none, nothing that reads JSON is loaded.
        foreach (string file in Found()) configuration.AddJsonFile(file, optional: true, reloadOnChange: false);
        return configuration;
    }

    /// <summary>What is set in the files, with the file of each.</summary>
    public static IEnumerable<(string File, string Setting)> Settings() =>
        from file in Found()
        let own = new ConfigurationBuilder().AddJsonFile(file, optional: true, reloadOnChange: false).Build()
        from setting in own.GetSection(SettingsSection.Section).GetChildren()
        select (file, setting.Key);

    private static IEnumerable<string> Found() => new[] { AppContext.BaseDirectory, Environment.CurrentDirectory }
        .Select(Path.TrimEndingDirectorySeparator)
        .Distinct(StringComparer.Ordinal)
        .Select(folder => Path.Combine(folder, FileName))
        .Where(File.Exists);
}
