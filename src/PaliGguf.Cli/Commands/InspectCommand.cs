using System.CommandLine;

namespace PaliGguf.Cli.Commands;

internal static class InspectCommand
{
    public static Command Create() => new("inspect", "stub");
}
