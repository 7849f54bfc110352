using System.CommandLine;
using PaliGguf.Cli.Evaluations;
using PaliGguf.Cli.Hosting;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf tokens MASK|DATASET".</summary>
internal static class TokensCommand
{
    public static Command Create()
    {
        PathArgument source = new("SOURCE")
        {
            Description = "A mask: a picture, black outside, or a .json file of COCO's runs (size, counts). Or COCO's instances, or JSON lines "
                + "of 'image' and 'objects': then a line of 'image', 'prefix' and 'suffix' for each picture.",
        };
        Option<string> label = new("--label") { Description = "What the mask shows.", HelpName = "NAME", DefaultValueFactory = _ => "" };
        Option<bool> boxes = new("--boxes") { Description = "Write boxes alone." };
        Command command = new("tokens", "Write masks and boxes as the tokens that a model is trained to answer with.") { source, label, boxes };
        command.SetAction((parse, _) => CommandHost.RunAsync<TokensTask>(
            parse,
            (task, cancellationToken) => task.RunAsync(
                parse.GetRequiredValue(source), parse.GetRequiredValue(label), parse.GetValue(boxes), cancellationToken)));
        return command;
    }
}
