using System.CommandLine;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Hubs;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf list".</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        Command command = new("list", "List what was pulled.");
        command.SetAction((parse, _) => CommandHost.RunAsync<ListTask>(parse, (task, _) => task.RunAsync()));
        return command;
    }
}
