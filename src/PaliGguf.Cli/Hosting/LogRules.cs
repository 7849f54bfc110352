using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using PaliGguf.Cli.Settings;

namespace PaliGguf.Cli.Hosting;

/// <summary>Which lines are printed: by the verbosity, and by "Logging": { "LogLevel": { CATEGORY: LEVEL } } of the settings.</summary>
internal static class LogRules
{
    private const string Levels = "LogLevel", Default = "Default";

    /// <exception cref="PaliException">A level is none.</exception>
    public static LoggerFilterOptions Of(UserSettings settings, IConfiguration configuration)
    {
        LoggerFilterOptions options = new() { MinLevel = settings.Verbose ? LogLevel.Debug : LogLevel.Error };
        Add("Microsoft", LogLevel.Warning);
        if (settings.Verbose) return options;
        // What is odd about a model's files or about the options is for the user; other warnings are the library's own.
        Add(PaliModel.AdviceCategory, LogLevel.Warning);
        // What a client does wrong it is told itself; here it would be a stack trace.
        Add("ModelContextProtocol", LogLevel.Critical);
        foreach (IConfigurationSection rule in configuration.GetSection(UserSettings.Key("Logging")).GetSection(Levels).GetChildren())
        {
            if (!Enum.TryParse(rule.Value, ignoreCase: true, out LogLevel level) || !Enum.IsDefined(level))
            {
                string known = string.Join(", ", Enum.GetNames<LogLevel>());
                throw new PaliException($"the setting Logging:{Levels}:{rule.Key} is '{rule.Value}'; expected one of {known}.");
            }

            Add(string.Equals(rule.Key, Default, StringComparison.OrdinalIgnoreCase) ? null : rule.Key, level);
        }

        return options;

        void Add(string? category, LogLevel level) =>
            options.Rules.Add(new LoggerFilterRule(providerName: null, category, level, filter: null));
    }
}
