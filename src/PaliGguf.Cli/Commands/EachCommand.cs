using System.CommandLine;
using PaliGguf.Cli.Answers;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Settings;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf each PICTURES".</summary>
internal static class EachCommand
{
    public static Command Create()
    {
        Argument<string[]> pictures = new("PICTURES") { Description = "Pictures, and folders of pictures.", Arity = ArgumentArity.OneOrMore };
        Option<string?> prompt = new("--prompt") { Description = "The prompt, exactly as the model is to see it. Default: that of a caption.", HelpName = "TEXT" };
        Option<int> sequences = new("--sequences") { Description = "How many answers are decoded side by side. Default: 4.", HelpName = "N", DefaultValueFactory = _ => 4 };
        Command command = new("each", "Answer one prompt about each of many pictures, a line per picture.") { pictures, prompt, sequences };
        foreach (Option option in SamplingOptionSet.All) command.Add(option);
        command.SetAction((parse, _) => CommandHost.RunAsync<EachRun>(
            parse,
            (run, cancellationToken) => run.RunAsync(
                parse.GetRequiredValue(pictures), parse.GetValue(prompt), parse.GetValue(SamplingOptionSet.Stop) ?? [], parse.GetValue(sequences), cancellationToken)));
        return command;
    }
}
