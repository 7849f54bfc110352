using System.CommandLine;

namespace PaliGguf.Cli.Commands;

internal static class ConvertCommand
{
    public static Command Create() => new("convert", "stub");
}
