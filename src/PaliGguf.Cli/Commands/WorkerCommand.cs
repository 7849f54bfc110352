using System.CommandLine;
using PaliGguf.Cli.Batches;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Settings;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf worker --broker ADDRESS".</summary>
internal static class WorkerCommand
{
    public static Command Create()
    {
        SequencesOption sequences = new();
        Command command = new("worker", "Answer about the pictures of a job that others ask about, over a broker (docs/batch.md).") { sequences };
        foreach (Option option in BrokerOptionSet.Common.Concat(BrokerOptionSet.Working)) command.Add(option);
        command.SetAction((parse, _) => CommandHost.RunAsync<WorkerTask>(parse, (task, interrupted) =>
        {
            BrokerOptionSet.Check(parse);
            return task.RunAsync(sequences.Read(parse), interrupted);
        }));
        return command;
    }
}
