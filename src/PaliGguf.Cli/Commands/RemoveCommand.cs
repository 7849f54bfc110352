using System.CommandLine;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Hubs;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf remove NAME".</summary>
internal static class RemoveCommand
{
    public static Command Create()
    {
        Argument<string> name = new("NAME") { Description = "What was pulled: NAME or OWNER/NAME, and NAME:TYPE for one type of it." };
        Command command = new("remove", "Remove what was pulled from this computer.") { name };
        command.SetAction((parse, _) => CommandHost.RunAsync<RemoveTask>(parse, (task, _) => task.RunAsync(parse.GetRequiredValue(name))));
        return command;
    }
}
