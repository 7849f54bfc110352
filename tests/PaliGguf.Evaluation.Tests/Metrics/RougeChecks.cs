using PaliGguf.Evaluation.Metrics.Rouge;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Tests.Metrics;

internal static class RougeChecks
{
    public static void Google(MetricCase item)
    {
        string prediction = item.Text("prediction");
        string[] references = item.Texts("references");
        item.Expect("tokens", () => new RougeTokenizer().Tokenize(prediction));
        item.Expect("stems", () => new RougeTokenizer(stem: true).Tokenize(prediction));
        item.Expect("default", () => Fields(GoogleRouge.Score(prediction, references)));
        item.Expect("use_stemmer", () => Fields(GoogleRouge.Score(prediction, references, new RougeOptions { UseStemmer = true })));
        RougeOptions whiteSpace = new() { Tokenizer = WhiteSpaceTokenizer.Instance };
        item.Expect("white_space_tokenizer", () => Fields(GoogleRouge.Score(prediction, references, whiteSpace)));
    }

    public static void Porter(MetricCase item) => item.Expect("stem", () => PorterStemmer.Stem(item.Id));

    private static Dictionary<string, object> Fields(RougeScores scores) => new Dictionary<string, object>
    {
        ["rouge1"] = Values(scores.Rouge1),
        ["rouge2"] = Values(scores.Rouge2),
        ["rougeL"] = Values(scores.RougeL),
        ["rougeLsum"] = Values(scores.RougeLsum),
    };

    private static double[] Values(RougeScore score) => [score.Precision, score.Recall, score.F];
}
