using System.CommandLine;

namespace PaliGguf.Cli.Commands;

internal static class DoctorCommand
{
    public static Command Create() => new("doctor", "stub");
}
