using System.CommandLine;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf segment IMAGE LABELS".</summary>
internal static class SegmentCommand
{
    public static Command Create() => InstanceCommands.Create("segment", "Find things in a picture, and their shapes (in --json and --out).", masks: true);
}
