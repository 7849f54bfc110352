using PaliGguf.Evaluation.Metrics.Bleu;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Tests.Metrics;

internal static class BleuChecks
{
    private static readonly SacreBleuOptions Default = new();

    public static void Sacre(MetricCase item)
    {
        string prediction = item.Text("hypothesis");
        string[] references = item.Texts("references");
        item.Expect("tokens_13a", () => string.Join(' ', Mteval13aTokenizer.Instance.Tokenize(prediction.TrimEnd())));
        item.Expect("tokens_intl", () => string.Join(' ', InternationalTokenizer.Instance.Tokenize(prediction.TrimEnd())));
        item.Expect("default", () => Fields(SacreBleu.Score(prediction, references)));
        foreach ((string name,
            SacreBleuOptions options) in Settings)
        {
            item.Expect(name, () => SacreBleu.Score(prediction, references, options).Score);
        }
    }

    public static void HuggingFace(MetricCase item)
    {
        string[] predictions = item.Texts("predictions");
        string[][] references = [.. item["references"].EnumerateArray().Select(each => each.Texts())];
        item.Expect("tokens", () => Mteval13aTokenizer.Instance.Tokenize(predictions[0]));
        foreach ((string name, HuggingFaceBleuOptions options) in HuggingFaceSettings)
        {
            if (!item.Has(name)) continue;
            HuggingFaceBleuScore score = HuggingFaceBleu.Score(predictions, references, options);
            // The original divides by zero.
            if (item[name].IsError()) Assert.Equal(0, score.Score);
            else Expected.Equal(item[name], Fields(score), name);
        }
    }

    public static void Nltk(MetricCase item)
    {
        string[][] predictions = [item.Texts("hypothesis_tokens")];
        string[][][] references = [[.. item["reference_tokens"].EnumerateArray().Select(each => each.Texts())]];
        item.Expect("individual_1_to_4", () => NltkBleu.Score(predictions, references).Individual);
        item.Expect("cumulative_1_to_4", () => NltkBleu.Score(predictions, references).Cumulative);
        item.Expect("cumulative_method1", () => NltkBleu.Score(predictions, references, NltkSmoothing.Method1).Cumulative);
        item.Expect("cumulative_method4", () => NltkBleu.Score(predictions, references, NltkSmoothing.Method4).Cumulative);
    }

    public static void Corpus(MetricCase item)
    {
        MetricCase[] members = [.. item.Texts("members").Select(Member)];
        string[] predictions = [.. members.Select(member => member.Text("hypothesis"))];
        string[][] references = [.. members.Select(member => member.Texts("references"))];
        item.Expect("default", () => Fields(SacreBleu.Score(predictions, references)));
        item.Expect("lowercase", () => Fields(SacreBleu.Score(predictions, references, Default with { Lowercase = true })));
        item.Expect("intl", () =>
            Fields(SacreBleu.Score(predictions, references, Default with { Tokenizer = InternationalTokenizer.Instance })));
        item.Expect("none_tokens", () =>
            Fields(SacreBleu.Score(predictions, references, Default with { Tokenizer = WhiteSpaceTokenizer.Instance })));
        item.Expect("char", () =>
            Fields(SacreBleu.Score(predictions, references, Default with { Tokenizer = CharacterTokenizer.Instance })));
        item.Expect("smooth_none", () => Fields(SacreBleu.Score(predictions, references, Default with { Smoothing = BleuSmoothing.None })));
        item.Expect("hf_bleu_order_1_to_4", () =>
            Enumerable.Range(1, 4)
            .Select(order => Fields(HuggingFaceBleu.Score(predictions, references, new HuggingFaceBleuOptions { MaxOrder = order }))));
        item.Expect("hf_bleu_smooth", () =>
            Fields(HuggingFaceBleu.Score(predictions, references, new HuggingFaceBleuOptions { Smooth = true })));

        IReadOnlyList<string>[] words = [.. predictions.Select(WhiteSpaceTokenizer.Instance.Tokenize)];
        IReadOnlyList<string>[][] referenceWords =
            [.. references.Select(each => each.Select(WhiteSpaceTokenizer.Instance.Tokenize).ToArray())];
        item.Expect("nltk_corpus_individual", () => NltkBleu.Score(words, referenceWords).Individual);
        item.Expect("nltk_corpus_cumulative", () => NltkBleu.Score(words, referenceWords).Cumulative);
        IReadOnlyList<NltkBleuScore> each = NltkBleu.ScoreEach(words, referenceWords);
        item.Expect("nltk_mean_of_sentence_cumulative", () =>
            Enumerable.Range(0, 4).Select(order => each.Average(score => score.Cumulative[order])));
    }

    public static IReadOnlyDictionary<string, object> Fields(SacreBleuScore score) => new Dictionary<string, object>
    {
        ["score"] = score.Score,
        ["precisions"] = score.Precisions,
        ["bp"] = score.BrevityPenalty,
        ["sys_len"] = score.Length,
        ["ref_len"] = score.ReferenceLength,
        ["counts"] = score.Matches,
        ["totals"] = score.Totals,
    };

    public static IReadOnlyDictionary<string, object> Fields(HuggingFaceBleuScore score) => new Dictionary<string, object>
    {
        ["bleu"] = score.Score,
        ["precisions"] = score.Precisions,
        ["brevity_penalty"] = score.BrevityPenalty,
        ["length_ratio"] = score.LengthRatio,
        ["translation_length"] = score.Length,
        ["reference_length"] = score.ReferenceLength,
    };

    private static MetricCase Member(string id) =>
        MetricCaseFile.All.Where(file => file.Metric.StartsWith("BLEU, sacrebleu", StringComparison.Ordinal)).SelectMany(file => file.Cases)
            .First(item => item.Id == id);

    private static IEnumerable<(string Name, SacreBleuOptions Options)> Settings
    {
        get
        {
            SacreBleuOptions effective = Default with { EffectiveOrder = true };
            yield return ("effective_order", effective);
            yield return ("lowercase_effective", effective with { Lowercase = true });
            yield return ("intl_effective", effective with { Tokenizer = InternationalTokenizer.Instance });
            yield return ("none_effective", effective with { Tokenizer = WhiteSpaceTokenizer.Instance });
            yield return ("char_effective", effective with { Tokenizer = CharacterTokenizer.Instance });
            yield return ("smooth_none", Default with { Smoothing = BleuSmoothing.None });
            yield return ("smooth_floor", Default with { Smoothing = BleuSmoothing.Floor });
            yield return ("smooth_add1", Default with { Smoothing = BleuSmoothing.AddK });
            for (int order = 1; order <= 4; order++) yield return ($"bleu{order}", Default with { MaxOrder = order });
        }
    }

    private static IEnumerable<(string Name, HuggingFaceBleuOptions Options)> HuggingFaceSettings
    {
        get
        {
            yield return ("default", new HuggingFaceBleuOptions());
            yield return ("smooth", new HuggingFaceBleuOptions { Smooth = true });
            yield return ("white_space", new HuggingFaceBleuOptions { Tokenizer = WhiteSpaceTokenizer.Instance });
            for (int order = 1; order <= 4; order++) yield return ($"max_order_{order}", new HuggingFaceBleuOptions { MaxOrder = order });
        }
    }
}
