using System.CommandLine;
using PaliGguf.Cli.Drawings;

namespace PaliGguf.Cli.Settings;

/// <summary>The options of the commands that look for things, settings like <see cref="CommonOptions"/> (but for --out).</summary>
internal static class InstanceOptionSet
{
    public static PathOption Out { get; } = DrawingFile.Option("Draw what was found");

    /// <summary>Those that choose what is wanted of what was found.</summary>
    public static IReadOnlyList<Option> Wanted { get; } =
    [
        CommonOptions.Of<float>("--min-score", "Leave out what has a lower score, 0 to 1. Default: 0, in drawings 0.1.", "SCORE"),
        CommonOptions.Of<float>("--nms", "Of two boxes of one label that overlap more than this (intersection over union, 0 to 1), keep the one with the higher score.", "IOU"),
        CommonOptions.Of<bool>("--free", "Let the model write what it likes, and report what is not well-formed."),
    ];

    public static IReadOnlyList<Option> All { get; } = [.. Wanted, Out];
}
