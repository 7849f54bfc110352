using System.CommandLine;
using PaliGguf.Cli.Evaluations;
using PaliGguf.Cli.Hosting;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf score PREDICTIONS REFERENCES --task T".</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        PathArgument predictions = new("PREDICTIONS")
        {
            Description = "The answers: COCO's or VQA's file of results, a journal of 'eval', or JSON lines (.jsonl).",
        };
        PathArgument references = new("REFERENCES")
        {
            Description = "What was expected: COCO's captions or instances, VQA's annotations, JSON lines (.jsonl), or any data set of 'eval'.",
        };
        Option<bool> markdown = new("--markdown") { Description = "Print a table in Markdown." };
        Option<bool> partial = new("--partial") { Description = "Score what has an answer, where some have none." };
        MetricOptionSet metrics = new();
        Command command = new("score", "Score answers, of any program, by the metrics of the model cards.") { predictions, references };
        metrics.AddTo(command);
        command.Add(partial);
        command.Add(markdown);
        command.SetAction((parse, _) => CommandHost.RunAsync<ScoringTask>(
            parse,
            (task, cancellationToken) => task.RunAsync(
                parse.GetRequiredValue(predictions), parse.GetRequiredValue(references), metrics.Read(parse),
                parse.GetValue(partial), parse.GetValue(markdown), cancellationToken)));
        return command;
    }
}
