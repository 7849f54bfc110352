using System.CommandLine;
using PaliGguf.Cli.Evaluations;
using PaliGguf.Cli.Hosting;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf report JOURNAL".</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        PathArgument journal = new("JOURNAL") { Description = "The answers of a run: what 'eval --out' wrote." };
        PathOption dataset = new("--dataset")
        {
            Description = "The data set, where it is no longer where the run found it.",
            HelpName = "PATH",
        };
        DatasetPlaceOptions place = new();
        MetricOptionSet metrics = new();
        ReportOptionSet report = new();
        Command command = new(
            "report", "Tell how sure the scores of a run are, compare it with another, and show its answers on a page.")
        {
            journal, dataset,
        };
        place.AddTo(command);
        metrics.AddTo(command);
        report.AddTo(command);
        command.SetAction((parse, _) => CommandHost.RunAsync<JournalTask>(
            parse,
            (task, cancellationToken) => task.RunAsync(
                parse.GetRequiredValue(journal), parse.GetValue(dataset), place.Read(parse), name => metrics.Read(parse, name),
                report.Read(parse), cancellationToken)));
        return command;
    }
}
