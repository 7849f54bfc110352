using System.CommandLine;
using PaliGguf.Cli.Choices;
using PaliGguf.Cli.Drawings;
using PaliGguf.Cli.Hosting;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf choose IMAGE --prompt TEXT CANDIDATE...".</summary>
internal static class ChooseCommand
{
    public static Command Create()
    {
        Argument<string> image = Arguments.Image();
        Argument<string[]> candidates = new("CANDIDATE") { Description = "The answers to choose from.", Arity = ArgumentArity.OneOrMore };
        Option<string> prompt = Arguments.Prompt();
        PathOption drawing = DrawingFile.Option("Draw the picture with the most probable answer");
        Command command = new("choose", "Tell how probable each of some answers to a prompt is.") { image, candidates, prompt, drawing };
        command.SetAction((parse, _) => CommandHost.RunAsync<ChoiceRun>(
            parse,
            (run, cancellationToken) => run.RunAsync(
                parse.GetRequiredValue(image), parse.GetRequiredValue(prompt), parse.GetRequiredValue(candidates), parse.GetValue(drawing), cancellationToken)));
        return command;
    }
}
