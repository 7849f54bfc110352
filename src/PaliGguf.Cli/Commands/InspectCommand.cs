using System.CommandLine;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Inspection;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf inspect FILE".</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "A GGUF file, of any model." };
        Command command = new("inspect", "Print a GGUF file's metadata and tensors, and its size by types and parts.") { file };
        command.SetAction((parse, _) => CommandHost.RunAsync<InspectionTask>(
            parse, (task, cancellationToken) => Task.Run(() => task.Run(parse.GetRequiredValue(file), cancellationToken), cancellationToken)));
        return command;
    }
}
