using PaliGguf.Evaluation.Samples;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests;

/// <summary>The sample scenes of the small trained checkpoint, with prompts of every kind.</summary>
internal static class Scenes
{
    private static readonly string[] Prompts = ["caption en", "describe en", "answer en what color is the background?", "detect turtle", "caption th"];

    /// <summary>Every prompt for each of some scenes, numbered from 1.</summary>
    public static IReadOnlyList<EvaluationSample> Samples(params IEnumerable<int> scenes) =>
        [.. scenes.SelectMany(scene => Prompts.Select(prompt => new EvaluationSample(Path.Combine(Repository.PaliNano, "samples", $"scene_{scene:D2}.png"), prompt)))];
}
