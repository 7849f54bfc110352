using System.CommandLine;

namespace PaliGguf.Cli.Settings;

/// <summary>The options of the commands that look for things, settings like <see cref="CommonOptions"/> (but for --out).</summary>
internal static class InstanceOptionSet
{
    public static Option<string?> Out { get; } = new("--out")
    {
        Description = "Draw what was found: FILE is a .png, .jpg, .webp or .svg, and is replaced when it is there.",
        HelpName = "FILE",
    };

    public static IReadOnlyList<Option> All { get; } =
    [
        CommonOptions.Of<float>("--min-score", "Leave out what has a lower score, 0 to 1. Default: 0.", "SCORE"),
        CommonOptions.Of<float>("--nms", "Of two boxes of one label that overlap more than this (intersection over union, 0 to 1), keep the one with the higher score.", "IOU"),
        CommonOptions.Of<bool>("--free", "Let the model write what it likes, and report what is not well-formed."),
        Out,
    ];
}
