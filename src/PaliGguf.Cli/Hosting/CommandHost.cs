using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;

namespace PaliGguf.Cli.Hosting;

/// <summary>Runs a command inside a Generic Host: settings, logging, signals, and errors as one line.</summary>
internal static class CommandHost
{
    /// <summary>Runs one command.</summary>
    /// <typeparam name="TCommand">What does the work; created with the host's services.</typeparam>
    /// <param name="parse">The command line.</param>
    /// <param name="run">Starts the work; its token is cancelled by Ctrl-C.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCommand>(
        ParseResult parse, Func<TCommand, CancellationToken, Task<int>> run)
        where TCommand : class
    {
        bool verbose = parse.GetValue(CommonOptions.Verbose);
        try
        {
            using IHost host = Build<TCommand>(parse);
            verbose = host.Services.GetRequiredService<UserSettings>().Verbose;
            TellOfUnknownSettings();
            await host.StartAsync(CancellationToken.None);
            CancellationToken interrupted = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            try
            {
                return await run(host.Services.GetRequiredService<TCommand>(), interrupted);
            }
            catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }
        }
        catch (Exception failure)
        {
            return ErrorLine.Write(failure, verbose);
        }
    }

    /// <summary>The settings of files, the environment and the command line.</summary>
    public static ConfigurationManager Configure(ParseResult parse)
    {
        ConfigurationManager configuration = new();
        configuration.AddSettingsFiles().AddPrefixedEnvironment().AddOptions(parse);
        return configuration;
    }

    private static void TellOfUnknownSettings()
    {
        foreach ((string file, string setting) in SettingsFiles.Settings())
        {
            if (CommandLineSource.Settings.Contains(setting, StringComparer.OrdinalIgnoreCase)) continue;
            ErrorLine.Print($"{file}: there is no setting '{setting}'{Suggestion.For(setting, CommandLineSource.Settings)}; it is left out.");
        }
    }

    private static IHost Build<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCommand>(ParseResult parse)
        where TCommand : class
    {
        ConfigurationManager configuration = Configure(parse);
        UserSettings settings = new(configuration);
        // The empty builder brings none of the sources, watchers and providers that a short command would pay for and not use.
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Configuration = configuration, DisableDefaults = true });
        builder.Logging.SetMinimumLevel(settings.Verbose ? LogLevel.Debug : LogLevel.Error).AddFilter("Microsoft", LogLevel.Warning);
        // What is odd about a model's files or about the options is for the user; other warnings are the library's own.
        if (!settings.Verbose) builder.Logging.AddFilter(PaliModel.AdviceCategory, LogLevel.Warning);
        // What a client does wrong it is told itself; here it would be a stack trace.
        if (!settings.Verbose) builder.Logging.AddFilter("ModelContextProtocol", LogLevel.Critical);
        if (!settings.Verbose) builder.Logging.AddConfiguration(configuration.GetSection(UserSettings.Key("Logging")));
        builder.Logging.AddProvider(new StandardErrorLoggerProvider());
        builder.Services
            .AddSingleton<InterruptGrace>()
            .AddSingleton<IHostLifetime, InterruptLifetime>()
            .AddSingleton(settings)
            .AddSingleton(new BrokerSettings(configuration))
            .AddSingleton<Terminal>()
            .AddSingleton<ModelLoader>()
            .AddSingleton<TCommand>();
        return builder.Build();
    }
}
