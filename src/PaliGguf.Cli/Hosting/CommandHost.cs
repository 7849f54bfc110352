using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;

namespace PaliGguf.Cli.Hosting;

/// <summary>Runs a command: with settings, logging and signals, and errors as one line.</summary>
internal static class CommandHost
{
    /// <summary>Runs one command.</summary>
    /// <typeparam name="TCommand">What does the work; made with <see cref="CommandServices"/>.</typeparam>
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
            using CommandServices services = new(Configure(parse));
            verbose = services.Settings.Verbose;
            TellOfUnknownSettings();
            services.Interrupt.Listen();
            CancellationToken interrupted = services.Interrupt.Token;
            try
            {
                return await run(ActivatorUtilities.CreateInstance<TCommand>(services), interrupted);
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
}
