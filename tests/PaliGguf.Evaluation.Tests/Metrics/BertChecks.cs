using System.Text.Json;
using System.Text.Json.Nodes;
using PaliGguf.Conversion;
using PaliGguf.Evaluation.Encoders;
using PaliGguf.Evaluation.Metrics.Bert;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Metrics;

/// <summary>Scores the hidden states that the files hold, and those that the library computes with the weights of the other file.</summary>
internal static class BertChecks
{
    // The originals compute with 32 bits.
    private const double Tolerance = 1e-5;

    private static readonly Lazy<BertEncoder> Encoder = new(Load);

    public static void Score(MetricCase item)
    {
        TokenWeights weights = new([.. item.File.Cases.SelectMany(other => other.Texts("references").Select(text => Tokens(other, text)))]);
        Compare(item, weights, text => Given(item, text), Tolerance);
        // Near the baseline the single precision of our own states grows: a score of 0.07 is the difference of two that are ten times as
        // large.
        Compare(item, weights, text => Computed(item, text), 10 * Tolerance);
        foreach (JsonProperty sentence in item["sentences"].EnumerateObject())
        {
            Expected.Equal(sentence.Value.GetProperty("idf"), Tokens(item, sentence.Name).Select(weights.Of), "idf", Tolerance);
            AssertSameStates(Given(item, sentence.Name), Computed(item, sentence.Name));
        }
    }

    private static void Compare(MetricCase item, TokenWeights weights, Func<string, BertText> encode, double rescaledTolerance)
    {
        BertText candidate = encode(item.Text("candidate"));
        BertText[] references = [.. item.Texts("references").Select(encode)];
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
        Expect("rescaled_as_en_mbert_layer9", Values(score.Rescale(new BertScore(0.6320527, 0.6320019, 0.63146895))), rescaledTolerance);

        void Expect(string name, object value, double tolerance = Tolerance) => item.Expect(name, () => value, tolerance);
    }

    private static void AssertSameStates(BertText given, BertText computed)
    {
        for (int token = 0; token < given.Tokens.Count; token++)
        {
            foreach ((float theirs, float ours) in given.Direction(token).ToArray().Zip(computed.Direction(token).ToArray()))
            {
                Assert.Equal(theirs, ours, 1e-5f);
            }
        }
    }

    private static double[] Values(BertScore score) => [score.Precision, score.Recall, score.F];

    private static int[] Tokens(MetricCase item, string text) =>
        [.. item["sentences"].GetProperty(text).GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];

    private static BertText Given(MetricCase item, string text) => new(
        Tokens(item, text),
        [.. item["sentences"].GetProperty(text).GetProperty("hidden").EnumerateArray()
            .Select(vector => vector.EnumerateArray().Select(number => number.GetSingle()).ToArray())]);

    private static BertText Computed(MetricCase item, string text) => Encoder.Value.Encode([Tokens(item, text)])[0];

    /// <summary>Makes a checkpoint of the weights beside the cases, and converts it.</summary>
    private static BertEncoder Load()
    {
        string path = Path.Combine(MetricCaseFile.Folder, "bertscore-tiny-bert.json");
        JsonObject model = JsonNode.Parse(File.ReadAllText(File.Exists(path) ? path : Path.Combine(MetricCaseFile.Own, Path.GetFileName(path))))!
            .AsObject();
        BertFolder folder = new();
        foreach ((string key, JsonNode? value) in model["config"]!.AsObject())
        {
            if (key is not ("vocab" or "hidden_act" or "note")) folder.Config[key] = value!.DeepClone();
        }

        folder.Vocabulary.Clear();
        folder.Vocabulary.AddRange(model["config"]!["vocab"]!.AsArray().Select(token => (string)token!));
        folder.Config["vocab_size"] = folder.Vocabulary.Count;
        foreach ((string name, JsonNode? tensor) in model["weights"]!.AsObject())
        {
            float scale = (float)tensor!["scale"]!;
            folder.Tensors[name] = (
                [.. tensor["shape"]!.AsArray().Select(size => (int)size!)],
                [.. tensor["data"]!.AsArray().Select(number => (int)number! * scale)]);
        }

        BertConversionOptions options = new()
        {
            Source = folder.Save(ConvertedModels.NewFolder()),
            OutputFolder = ConvertedModels.NewFolder(),
            Layer = 2,
        };
        return BertEncoder.Load(BertConverter.ConvertAsync(options).GetAwaiter().GetResult().Path);
    }
}
