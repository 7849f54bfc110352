using System.CommandLine;
using PaliGguf.Cli.Diagnosis;
using PaliGguf.Cli.Hosting;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf doctor".</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Command command = new("doctor", "Show which native libraries, devices and model are found, and how to fix what is missing.");
        command.SetAction((parse, _) => CommandHost.RunAsync<DoctorTask>(parse, (task, cancellationToken) => Task.Run(task.Run, cancellationToken)));
        return command;
    }
}
