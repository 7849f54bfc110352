using System.CommandLine;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf detect IMAGE LABELS".</summary>
internal static class DetectCommand
{
    public static Command Create() => InstanceCommands.Create("detect", "Find things in a picture: a line with label, score and box in pixels for each.", masks: false);
}
