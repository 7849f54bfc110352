using System.CommandLine;
using PaliGguf.Cli.Evaluations;
using PaliGguf.Cli.Hosting;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf eval DATASET --task T".</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        DatasetOptionSet dataset = new();
        MetricOptionSet metrics = new();
        ReportOptionSet report = new();
        Command command = new("eval", "Ask a model what a data set asks, and score its answers by the metrics of the model cards.");
        dataset.AddTo(command);
        metrics.AddTo(command);
        report.AddTo(command);
        command.SetAction((parse, _) => CommandHost.RunAsync<DatasetTask>(
            parse, (task, cancellationToken) =>
                task.RunAsync(dataset.Read(parse), metrics.Read(parse), report.Read(parse), cancellationToken)));
        return command;
    }
}
