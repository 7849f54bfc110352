using System.CommandLine;
using PaliGguf.Cli.Choices;
using PaliGguf.Cli.Hosting;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf choose IMAGE --prompt TEXT CANDIDATE...".</summary>
internal static class ChooseCommand
{
    public static Command Create()
    {
        Argument<string> image = Arguments.Image();
        Argument<string[]> candidates = new("CANDIDATE") { Description = "The answers to choose from.", Arity = ArgumentArity.OneOrMore };
        Option<string> prompt = new("--prompt") { Description = "The prompt, exactly as the model is to see it.", HelpName = "TEXT", Required = true };
        Command command = new("choose", "Tell how probable each of some answers to a prompt is.") { image, candidates, prompt };
        command.SetAction((parse, _) => CommandHost.RunAsync<ChoiceRun>(
            parse,
            (run, cancellationToken) => run.RunAsync(
                parse.GetRequiredValue(image), parse.GetRequiredValue(prompt), parse.GetRequiredValue(candidates), cancellationToken)));
        return command;
    }
}
