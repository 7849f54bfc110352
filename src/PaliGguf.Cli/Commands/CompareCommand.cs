using System.CommandLine;
using PaliGguf.Cli.Evaluations;
using PaliGguf.Cli.Hosting;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf compare REFERENCE CANDIDATE --images DIR".</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        PathArgument reference = new("REFERENCE") { Description = "The model to measure by, of higher precision as a rule: a text GGUF, a folder with one pair, or the name of a model that was pulled." };
        PathArgument candidate = new("CANDIDATE") { Description = "The model to be measured, a quantization of the same checkpoint." };
        PathOption referenceVision = Vision("--reference-vision", "reference");
        PathOption candidateVision = Vision("--candidate-vision", "candidate");
        SampleOptions samples = new();
        Command command = new("compare", "Measure what a quantization loses: divergence, agreement of tokens and answers, overlap of boxes.")
        {
            reference, candidate, referenceVision, candidateVision,
        };
        samples.AddTo(command);
        command.SetAction((parse, _) => CommandHost.RunAsync<ComparisonTask>(
            parse,
            (task, cancellationToken) => task.RunAsync(
                (PulledName.ModelPath(parse.GetRequiredValue(reference)), parse.GetValue(referenceVision)),
                (PulledName.ModelPath(parse.GetRequiredValue(candidate)), parse.GetValue(candidateVision)),
                samples.Read(parse),
                cancellationToken)));
        return command;
    }

    private static PathOption Vision(string name, string model) =>
        new(name) { Description = $"The {model}'s vision GGUF. Default: the one beside its text GGUF.", HelpName = "FILE" };
}
