using System.CommandLine;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Instances;
using PaliGguf.Cli.Settings;

namespace PaliGguf.Cli.Commands;

/// <summary>What the commands that look for things have in common.</summary>
internal static class InstanceCommands
{
    /// <summary>A command that looks for things in its one picture.</summary>
    /// <param name="name">The command's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="masks">Whether it finds their shapes too.</param>
    public static Command Create(string name, string description, bool masks)
    {
        Argument<string> image = Arguments.Image();
        Argument<string> labels = Arguments.Labels();
        Command command = new(name, description) { image, labels };
        foreach (Option option in InstanceOptionSet.All) command.Add(option);
        command.SetAction((parse, _) => CommandHost.RunAsync<InstanceRun>(
            parse,
            (run, cancellationToken) => run.RunAsync(
                parse.GetRequiredValue(image), LabelList.Of(labels.Name, parse.GetRequiredValue(labels)),
                masks, parse.GetValue(InstanceOptionSet.Out), cancellationToken)));
        return command;
    }
}
