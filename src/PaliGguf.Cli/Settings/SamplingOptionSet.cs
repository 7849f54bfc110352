using System.CommandLine;

namespace PaliGguf.Cli.Settings;

/// <summary>The options of the commands that generate text, settings like <see cref="CommonOptions"/> (but for --stop).</summary>
internal static class SamplingOptionSet
{
    public static Option<string[]> Stop { get; } = new("--stop") { Description = "End the answer where this text begins; may be given several times.", HelpName = "TEXT" };

    public static IReadOnlyList<Option> All { get; } =
    [
        CommonOptions.Of<float>("--temperature", "0 for the most probable token each time (the default); above, tokens are drawn.", "T"),
        CommonOptions.Of<int>("--top-k", "Draw from the K most probable tokens; 0 for all (the default).", "K"),
        CommonOptions.Of<float>("--top-p", "Draw from the most probable tokens that together reach this probability. Default: 1.", "P"),
        CommonOptions.Of<float>("--min-p", "Draw from tokens at least this fraction as probable as the best. Default: 0.", "P"),
        CommonOptions.Of<int>("--seed", "Makes drawing repeatable.", "N"),
        CommonOptions.Of<int>("--beams", "Search for the most probable whole answer along N answers at once. Default: 1, no search.", "N"),
        Stop,
    ];
}
