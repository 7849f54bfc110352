using System.CommandLine;

namespace PaliGguf.Cli.Commands;

internal static class BenchCommand
{
    public static Command Create() => new("bench", "stub");
}
