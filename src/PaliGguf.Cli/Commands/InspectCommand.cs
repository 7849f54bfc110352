using System.CommandLine;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Inspection;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf inspect FILE".</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        PathArgument file = new("FILE") { Description = "A GGUF file, of any model." };
        Option<bool> verify = new("--verify") { Description = "Look at every number in every tensor, and fail if one is infinite or not a number." };
        Command command = new("inspect", "Print a GGUF file's metadata and tensors, and its size by types and parts.") { file, verify };
        command.SetAction((parse, _) => CommandHost.RunAsync<InspectionTask>(
            parse, (task, cancellationToken) => task.RunAsync(parse.GetRequiredValue(file), parse.GetValue(verify), cancellationToken)));
        return command;
    }
}
