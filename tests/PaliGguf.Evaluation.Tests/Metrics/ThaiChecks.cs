using System.Text.Json;
using PaliGguf.Evaluation.Metrics.Bleu;
using PaliGguf.Evaluation.Metrics.Meteor;
using PaliGguf.Evaluation.Metrics.Rouge;
using PaliGguf.Evaluation.Metrics.Thai;
using PaliGguf.Evaluation.Metrics.Tokenization;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Metrics;

internal static class ThaiChecks
{
    // Named by PALIGGUF_THAI_WORDS, or beside the cases or the checkout. Without it, what needs it is not compared.
    private static readonly Lazy<ThaiWordList?> AllWords = new(() => FindWords() is { } path ? ThaiWordList.Load(path) : null);

    private static readonly Lazy<IcuTokenizer?> Icu = new(() =>
    {
        try
        {
            return new IcuTokenizer();
        }
        catch (PaliException)
        {
            return null;
        }
    });

    public static void Newmm(MetricCase item)
    {
        string text = item.Text("text");
        item.Expect("tcc", () => Clusters(text));
        ThaiWordList? words = item.File.Root.TryGetProperty("words", out JsonElement given)
            ? ThaiWordList.Create(given.Texts())
            : AllWords.Value;
        if (words is null) return;
        item.Expect("newmm", () => new NewmmTokenizer(words).Tokenize(text));
        item.Expect("keep_whitespace_false", () => new NewmmTokenizer(words, keepWhiteSpace: false).Tokenize(text));
        item.Expect("join_broken_num_false", () => new NewmmTokenizer(words, joinNumbers: false).Tokenize(text));
        // Another version has other words.
        if (Icu.Value is { } icu) item.Expect("icu_" + icu.Version, () => icu.Tokenize(text));
    }

    public static void Card(MetricCase item)
    {
        if (item.Id == "corpus") Corpus(item, AllWords.Value);
        else Sentence(item, AllWords.Value);
    }

    private static void Sentence(MetricCase item, ThaiWordList? list)
    {
        string prediction = item.Text("prediction");
        string reference = item.Text("reference");
        item.Expect("rouge_default_F", () => Rouge(tokenizer: null));
        if (list is null) return;
        NewmmTokenizer words = new(list);
        NewmmTokenizer noSpace = new(list, keepWhiteSpace: false);
        item.Expect("prediction_newmm", () => words.Tokenize(prediction));
        item.Expect("reference_newmm", () => words.Tokenize(reference));
        NltkBleuScore bleu = NltkBleu.Score([words.Tokenize(prediction)], [[words.Tokenize(reference)]]);
        item.Expect("bleu_individual", () => bleu.Individual);
        item.Expect("bleu_cumulative", () => bleu.Cumulative);
        item.Expect("rouge_newmm_F", () => Rouge(words));
        item.Expect("rouge_newmm_no_space_F", () => Rouge(noSpace));
        item.Expect("rouge_default_of_joined_F", () => Fields(GoogleRouge.Score(
            string.Join(' ', words.Tokenize(prediction)), [string.Join(' ', words.Tokenize(reference))])));
        item.Expect("meteor_newmm", () => NltkMeteor.Score([prediction], [[reference]], words).Score);
        item.Expect("meteor_newmm_no_space", () => NltkMeteor.Score([prediction], [[reference]], noSpace).Score);

        Dictionary<string, object> Rouge(ITokenizer? tokenizer) =>
            Fields(GoogleRouge.Score(prediction, [reference], new RougeOptions { Tokenizer = tokenizer }));
    }

    private static void Corpus(MetricCase item, ThaiWordList? list)
    {
        MetricCase[] members = [.. item.File.Members(item)];
        string[] predictions = [.. members.Select(member => member.Text("prediction"))];
        string[][] references = [.. members.Select(member => new[] { member.Text("reference") })];
        item.Expect("sacrebleu_13a_of_raw_thai", () => BleuChecks.Fields(SacreBleu.Score(predictions, references)));
        item.Expect("rouge_default_mean_F", () => Rouge(tokenizer: null));
        if (list is null) return;
        NewmmTokenizer newmm = new(list);
        IReadOnlyList<string>[] words = [.. predictions.Select(newmm.Tokenize)];
        IReadOnlyList<string>[][] referenceWords = [.. references.Select(each => each.Select(newmm.Tokenize).ToArray())];
        item.Expect("hf_bleu_newmm_max_order_1_to_4", () =>
            Enumerable.Range(1, 4).Select(order => HuggingFaceBleu
                .ScoreTokens(words, referenceWords, new HuggingFaceBleuOptions { MaxOrder = order }).Score));
        item.Expect("hf_bleu_newmm", () => BleuChecks.Fields(HuggingFaceBleu.ScoreTokens(words, referenceWords)));
        item.Expect("nltk_corpus_individual", () => NltkBleu.Score(words, referenceWords).Individual);
        item.Expect("nltk_corpus_cumulative", () => NltkBleu.Score(words, referenceWords).Cumulative);
        IReadOnlyList<NltkBleuScore> each = NltkBleu.ScoreEach(words, referenceWords);
        item.Expect("nltk_mean_of_sentence_individual", () => Mean(score => score.Individual));
        item.Expect("nltk_mean_of_sentence_cumulative", () => Mean(score => score.Cumulative));
        string[] joined = [.. words.Select(Join)];
        string[][] joinedReferences = [.. referenceWords.Select(all => all.Select(Join).ToArray())];
        item.Expect("sacrebleu_none_of_joined", () => BleuChecks.Fields(
            SacreBleu.Score(joined, joinedReferences, new SacreBleuOptions { Tokenizer = WhiteSpaceTokenizer.Instance })));
        item.Expect("rouge_newmm_mean_F", () => Rouge(newmm));
        item.Expect("meteor_newmm_mean", () => NltkMeteor.Score(predictions, references, newmm).Score);

        IEnumerable<double> Mean(Func<NltkBleuScore, IReadOnlyList<double>> values) =>
            Enumerable.Range(0, 4).Select(order => each.Average(score => values(score)[order]));

        Dictionary<string, object> Rouge(ITokenizer? tokenizer) => Fields(RougeScores.Mean(
            [
                .. predictions.Select((prediction, i) =>
                    GoogleRouge.Score(prediction, references[i], new RougeOptions { Tokenizer = tokenizer })),
            ]));

        static string Join(IReadOnlyList<string> all) => string.Join(' ', all);
    }

    private static Dictionary<string, object> Fields(RougeScores scores) => new()
    {
        ["rouge1"] = scores.Rouge1.F,
        ["rouge2"] = scores.Rouge2.F,
        ["rougeL"] = scores.RougeL.F,
        ["rougeLsum"] = scores.RougeLsum.F,
    };

    private static List<string> Clusters(string text)
    {
        bool[] ends = ThaiClusters.Ends(text);
        List<string> clusters = [];
        int start = 0;
        for (int end = 1; end <= text.Length; end++)
        {
            if (!ends[end]) continue;
            clusters.Add(text[start..end]);
            start = end;
        }

        return clusters;
    }

    private static string? FindWords()
    {
        const string Name = "words_th.txt";
        if (Environment.GetEnvironmentVariable("PALIGGUF_THAI_WORDS") is { Length: > 0 } named) return named;
        string beside = Path.Combine(MetricCaseFile.Folder, Name);
        if (File.Exists(beside)) return beside;
        for (DirectoryInfo? folder = new(Repository.Root); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "metrics", Name);
            if (File.Exists(path)) return path;
        }

        return null;
    }
}
