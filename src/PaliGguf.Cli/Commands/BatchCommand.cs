using System.CommandLine;
using PaliGguf.Cli.Batches;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Settings;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf batch INPUT --task T --out RESULTS".</summary>
internal static class BatchCommand
{
    public static Command Create()
    {
        BatchOptionSet options = new();
        Command command = new("batch", "Ask about any number of pictures; what is done survives whatever ends the process.");
        options.AddTo(command);
        command.SetAction((parse, _) => CommandHost.RunAsync<BatchTask>(
            parse, (task, interrupted) =>
                task.RunAsync(options.Read(parse, new UserSettings(CommandHost.Configure(parse)).Lang), interrupted)));
        return command;
    }
}
