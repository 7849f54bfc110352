using System.CommandLine;
using PaliGguf.Cli.Answers;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;

namespace PaliGguf.Cli.Commands;

/// <summary>What the commands that answer one prompt have in common.</summary>
internal static class AnswerCommands
{
    /// <summary>Makes a command answer a prompt, with the options that this has.</summary>
    /// <param name="command">The command.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="prompt">The prompt, of the command line and a language.</param>
    /// <param name="sheet">The file to draw the pictures into as one sheet; null where the command draws none.</param>
    public static Command Answers(
        this Command command, Func<ParseResult, PictureSource> pictures, Func<ParseResult, string, string> prompt, Func<ParseResult, string?>? sheet = null)
    {
        foreach (Option option in SamplingOptionSet.All) command.Add(option);
        command.SetAction((parse, _) => CommandHost.RunAsync<AnswerRun>(
            parse,
            (run, cancellationToken) => run.RunAsync(
                pictures(parse), language => prompt(parse, language), parse.GetValue(SamplingOptionSet.Stop) ?? [], sheet?.Invoke(parse), cancellationToken)));
        return command;
    }

    /// <summary>Makes a command answer a prompt about its one picture.</summary>
    public static Command Answers(this Command command, Argument<string> image, Func<ParseResult, string, string> prompt) =>
        command.Answers(parse => PictureSource.Files([parse.GetRequiredValue(image)]), prompt);
}
