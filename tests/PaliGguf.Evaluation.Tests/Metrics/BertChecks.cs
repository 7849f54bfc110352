using System.Text.Json;
using PaliGguf.Evaluation.Metrics.Bert;

namespace PaliGguf.Evaluation.Tests.Metrics;

/// <summary>Scores the hidden states that the files hold.</summary>
internal static class BertChecks
{
    // The originals compute with 32 bits.
    private const double Tolerance = 1e-5;

    public static void Score(MetricCase item)
    {
        TokenWeights weights = new([.. item.File.Cases.SelectMany(other => other.Texts("references").Select(text => Tokens(other, text)))]);
        BertText candidate = Text(item, item.Text("candidate"));
        BertText[] references = [.. item.Texts("references").Select(text => Text(item, text))];
        BertScore score = BertScore.OfBest(candidate, references);
        BertScore weighted = BertScore.OfBest(candidate, references, weights);
        Expect("P", score.Precision);
        Expect("R", score.Recall);
        Expect("F", score.F);
        Expect("idf_P", weighted.Precision);
        Expect("idf_R", weighted.Recall);
        Expect("idf_F", weighted.F);
        Expect("per_reference", references.Select(reference => Values(BertScore.Of(candidate, reference))));
        // What unrelated English texts score with the ninth layer of bert-base-multilingual-cased.
        Expect("rescaled_as_en_mbert_layer9", Values(score.Rescale(new BertScore(0.6320527, 0.6320019, 0.63146895))));
        foreach (JsonProperty sentence in item["sentences"].EnumerateObject())
        {
            Expected.Equal(sentence.Value.GetProperty("idf"), Tokens(item, sentence.Name).Select(weights.Of), "idf", Tolerance);
        }

        void Expect(string name, object value) => item.Expect(name, () => value, Tolerance);
    }

    private static double[] Values(BertScore score) => [score.Precision, score.Recall, score.F];

    private static int[] Tokens(MetricCase item, string text) =>
        [.. item["sentences"].GetProperty(text).GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];

    private static BertText Text(MetricCase item, string text) => new(
        Tokens(item, text),
        [.. item["sentences"].GetProperty(text).GetProperty("hidden").EnumerateArray()
            .Select(vector => vector.EnumerateArray().Select(number => number.GetSingle()).ToArray())]);
}
