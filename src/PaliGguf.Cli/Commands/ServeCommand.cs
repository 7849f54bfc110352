using System.CommandLine;
using PaliGguf.Cli.Serving;
using PaliGguf.Cli.Settings;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf serve".</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        Command command = new("serve", "Answer requests over HTTP: an OpenAI-compatible API and an own one (docs/server.md).");
        foreach (Option option in ServeOptions.All) command.Add(option);
        // A lambda of its own: the web server's assemblies are loaded by this command only.
        command.SetAction((parse, _) => ServeRun.RunAsync(parse));
        return command;
    }
}
