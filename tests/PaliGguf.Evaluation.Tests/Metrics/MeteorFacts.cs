using PaliGguf.Evaluation.Metrics.Meteor;

namespace PaliGguf.Evaluation.Tests.Metrics;

/// <summary>
/// What the values of the repository's cases of METEOR 1.5 tell of their words: which of them are function words, and which count as
/// synonyms (of WordNet 3.0). They were fitted to those values, so without the original's data the cases only guard against changes: they
/// show that the arithmetic is right, and nothing of the words. PALIGGUF_METEOR, the original's folder, makes them a check.
/// </summary>
internal static class MeteorFacts
{
    private const string File = "meteor-1.5-no-paraphrase.json";

    public static MeteorResources Resources { get; } = MeteorResources.Create(
        [
            "a", "an", "and", "are", "for", "he", "in", "is", "it", "of", "on", "one", "that", "the", "to", "two", "was", "which",
            "will", ",", ".",
        ],
        [
            ["big", "large"], ["car", "automobile"], ["happy", "felicitous"], ["picture", "image"], ["purchase", "buy"], ["3", "three"],
            ["2", "two"], ["always", "forever"], ["activity", "action"], ["direct", "guide"], ["guidebook", "guide"],
            ["insure", "ensure", "guarantee"], ["child", "children"],
            // Alone: two forms of one word match by stem and by base form, which the search treats unlike one match.
            ["dog"], ["run", "running"], ["play"], ["kick"],
        ]);

    /// <summary>Whether a case is one of those.</summary>
    public static bool Cover(MetricCase item) =>
        item.File.Name == File && MetricCaseFile.Folder == MetricCaseFile.Own;
}
