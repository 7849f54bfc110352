using PaliGguf.Evaluation.Metrics.Meteor;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Tests.Metrics;

internal static class MeteorChecks
{
    // Named by PALIGGUF_WORDNET, or where Debian's wordnet-base puts it. Without it, what needs it is not compared.
    private static readonly Lazy<WordNet?> WordNet = new(() =>
    {
        string folder = Environment.GetEnvironmentVariable("PALIGGUF_WORDNET") is { Length: > 0 } named ? named : "/usr/share/wordnet";
        return File.Exists(Path.Combine(folder, "index.noun")) ? PaliGguf.Evaluation.Metrics.Meteor.WordNet.Load(folder) : null;
    });

    private static readonly Lazy<MeteorResources?> Resources = new(() =>
        Environment.GetEnvironmentVariable("PALIGGUF_METEOR") is { Length: > 0 } folder ? MeteorResources.Load(folder) : null);

    public static void Nltk(MetricCase item)
    {
        string[][] predictions = [item.Texts("hypothesis_tokens")];
        string[][][] references = [[.. item["reference_tokens"].EnumerateArray().Select(each => each.Texts())]];
        MeteorScore without = NltkMeteor.ScoreTokens(predictions, references);
        item.Expect("score_without_wordnet", () => without.Score);
        if (WordNet.Value is null && item["score"].GetDouble() != item["score_without_wordnet"].GetDouble()) return;

        MeteorScore score = NltkMeteor.ScoreTokens(predictions, references, new MeteorOptions { WordNet = WordNet.Value });
        item.Expect("score", () => score.Score);
        item.Expect("per_reference", () => score.Pairs[0].Select(pair => new Dictionary<string, object>
        {
            ["score"] = pair.Score,
            ["matches"] = pair.Matches.Select(match => new[] { match.Prediction, match.Reference }),
            ["chunks"] = pair.Chunks,
        }));
    }

    /// <summary>
    /// With METEOR's own data where PALIGGUF_METEOR names its folder "resources". Without them, what the repository's cases need of them; of
    /// other cases then only what does not depend on words.
    /// </summary>
    public static void Fifteen(MetricCase item)
    {
        Meteor15Score score = new Meteor15(Resources.Value ?? MeteorFacts.Resources)
            .ScoreEach([item.Text("hypothesis")], [item.Texts("references")])[0];
        if (Resources.Value is null && !MeteorFacts.Cover(item))
        {
            item.Expect("score", () => item["score"].GetDouble() is 0 or 1 ? score.Score : item["score"].GetDouble());
            Assert.InRange(score.Score, 0, 1);
            return;
        }

        item.Expect("score", () => score.Score);
        item.Expect("precision", () => score.Precision);
        item.Expect("recall", () => score.Recall);
        item.Expect("fmean", () => score.Mean);
        item.Expect("penalty", () => score.Penalty);
        // The original tells 0 where there is no penalty.
        item.Expect("chunks", () => score.Penalty > 0 ? score.Chunks : 0);
    }

    public static void Treebank(MetricCase item) => item.Expect("tokens", () => TreebankTokenizer.Instance.Tokenize(item.Text("text")));
}
