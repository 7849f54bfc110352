using System.CommandLine;
using PaliGguf.Cli.Answers;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Settings;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf chat IMAGE".</summary>
internal static class ChatCommand
{
    public static Command Create()
    {
        Argument<string> image = new("IMAGE") { Description = "The picture." };
        Command command = new("chat", "Keep a picture and answer prompts about it, one a line; each stands alone.") { image };
        foreach (Option option in SamplingOptionSet.All) command.Add(option);
        command.SetAction((parse, _) => CommandHost.RunAsync<ChatRun>(
            parse, (run, cancellationToken) => run.RunAsync(parse.GetRequiredValue(image), parse.GetValue(SamplingOptionSet.Stop) ?? [], cancellationToken)));
        return command;
    }
}
