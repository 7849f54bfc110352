using System.CommandLine;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Server;

namespace PaliGguf.Cli.Serving;

/// <summary>Runs the server until the user ends it. It has a host of its own, and its own way of ending: running requests go on for a while.</summary>
internal static class ServeRun
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ParseResult parse)
    {
        bool verbose = parse.GetValue(CommonOptions.Verbose);
        try
        {
            var configuration = CommandHost.Configure(parse);
            UserSettings settings = new(configuration);
            verbose = settings.Verbose;
            using Terminal terminal = new();
            await ServerProgram.RunAsync(configuration, addresses =>
            {
                string[] urls = [.. addresses.Select(address => address.ToString())];
                if (settings.Json) terminal.WriteJson(new ServeJson(urls), ServingJson.Default.ServeJson);
                else terminal.WriteLine($"Listening at {string.Join(", ", urls)}");
            });
            return ExitCode.Success;
        }
        catch (Exception failure)
        {
            return ErrorLine.Write(failure, verbose);
        }
    }
}
