using PaliGguf.Evaluation.Encoders;
using PaliGguf.Evaluation.Metrics.Answers;
using PaliGguf.Evaluation.Metrics.Bert;
using PaliGguf.Evaluation.Metrics.Bleu;
using PaliGguf.Evaluation.Metrics.Captions;
using PaliGguf.Evaluation.Metrics.Meteor;
using PaliGguf.Evaluation.Metrics.Rouge;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Scoring;

/// <summary>The metrics of answers by their names on the command line.</summary>
public static class AnswerMetrics
{
    private static readonly Metric[] All =
    [
        new("cider", "CIDEr of captions", (sheet, _, token) => [Mean("CIDEr", Cider.Score(sheet.Captions, token))]),
        new("coco-bleu", "BLEU-1 to BLEU-4 of captions", (sheet, _, token) =>
            BleuValues.Of(Orders("BLEU-"), CocoBleu.Sample(sheet.Captions, token))),
        new("coco-rouge", "ROUGE-L of captions", (sheet, _, token) => [Mean("ROUGE-L (COCO)", CocoRougeL.Score(sheet.Captions, token))]),
        new("sacrebleu", "BLEU of sacrebleu, 0 to 100", ScoreSacreBleu),
        new("hf-bleu", "BLEU of Hugging Face evaluate", ScoreHuggingFaceBleu),
        new("nltk-bleu", "BLEU of nltk, each order by itself and cumulative", ScoreNltkBleu),
        new("rouge", "ROUGE-1, -2, -L and -Lsum", ScoreRouge),
        new("meteor", "METEOR of nltk", ScoreMeteor),
        new("bertscore", "BERTScore of bert_score", ScoreBert),
        new("exact", "equality with the first reference", (sheet, _, _) =>
            ByTypeToo("exact match", ExactMatch.Score(sheet.Predictions, sheet.First()).PerAnswer, sheet)),
        new("characters", "characters that stand where the first reference has them", (sheet, _, _) =>
            ByTypeToo("characters", CharacterAccuracy.Score(sheet.Predictions, sheet.First()).PerAnswer, sheet)),
        new("things", "things that captions name, with their counts", (sheet, _, _) =>
            ByTypeToo("things F1", CountedThings.Score(sheet.Predictions, sheet.First()), sheet)),
        new("any", "equality with any answer", (sheet, _, _) =>
            [Mean("accuracy", AnswerAccuracy.ScoreAny(sheet.Predictions, sheet.References))]),
        new("any-lower", "the same in lower case", (sheet, _, _) =>
            [Mean("accuracy", AnswerAccuracy.ScoreAny(sheet.Predictions, sheet.References, ignoreCase: true))]),
        new("vqa3", "min(1, n/3) of n equal answers", (sheet, _, _) =>
            [Mean("accuracy", AnswerAccuracy.Score(sheet.Predictions, sheet.References))]),
        new("vqa", "VQA accuracy over ten answers", ScoreVqa),
        new("anls", "normalized Levenshtein similarity", (sheet, _, token) =>
            [Mean("ANLS", Anls.Score(sheet.Predictions, sheet.References, cancellationToken: token))]),
        new("relaxed", "ChartQA's relaxed accuracy", (sheet, _, _) =>
            [Mean("relaxed accuracy", RelaxedAccuracy.Score(sheet.Predictions, sheet.Single()))]),
        new("tallyqa", "accuracy of counts", ScoreTally),
        new("pope", "accuracy of yes and no", ScorePope),
        new("scienceqa", "accuracy of letters", ScoreScience),
        new("rsvqa", "accuracy by type of question", ScoreAerial),
        new("refcoco", "overlap of the one mask of each answer", ObjectMetrics.Referring),
        new("boxes", "overlap of boxes, one to one", ObjectMetrics.Boxes),
        new("masks", "overlap of masks", ObjectMetrics.Masks),
        new("ap-boxes", "COCO's average precision of boxes", ObjectMetrics.BoxPrecision),
        new("ap-masks", "COCO's average precision of masks", ObjectMetrics.MaskPrecision),
    ];

    /// <summary>The names, each with what it stands for.</summary>
    public static IReadOnlyList<(string Name, string Description)> Names { get; } =
        [.. All.Select(metric => (metric.Name, metric.Description))];

    /// <summary>Scores answers.</summary>
    /// <param name="name">The metric's name.</param>
    /// <param name="sheet">The answers and what was expected.</param>
    /// <param name="options">What the metric needs besides.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="PaliException">There is no such metric, or it does not go with these answers.</exception>
    public static IReadOnlyList<MetricValue> Score(
        string name, AnswerSheet sheet, MetricOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        Metric metric = All.FirstOrDefault(each => each.Name == name)
            ?? throw new PaliException($"There is no metric '{name}'; there are {string.Join(", ", All.Select(each => each.Name))}.");

        try
        {
            return [.. metric.Score(sheet, options ?? new MetricOptions(), cancellationToken)];
        }
        catch (ArgumentException e)
        {
            throw new PaliException($"The metric '{name}' does not go with these answers: {Message(e)}", e);
        }
    }

    private static IEnumerable<MetricValue> ScoreSacreBleu(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        SacreBleuOptions settings = new() { Tokenizer = options.Words ?? Mteval13aTokenizer.Instance };
        return BleuValues.Of(
            ["BLEU (sacrebleu)"], SacreBleu.Sample(sheet.Predictions, sheet.References, settings, cancellationToken));
    }

    private static IEnumerable<MetricValue> ScoreHuggingFaceBleu(
        AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        HuggingFaceBleuOptions settings = new() { Tokenizer = options.Words ?? Mteval13aTokenizer.Instance };
        return BleuValues.Of(
            [.. Orders("precision-"), "BLEU (evaluate)"],
            HuggingFaceBleu.Sample(sheet.Predictions, sheet.References, settings, cancellationToken));
    }

    private static IEnumerable<MetricValue> ScoreNltkBleu(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        ITokenizer words = options.Words ?? TreebankTokenizer.Instance;
        IReadOnlyList<string>[] predictions = [.. sheet.Predictions.Select(words.Tokenize)];
        IReadOnlyList<string>[][] references = [.. sheet.References.Select(each => each.Select(words.Tokenize).ToArray())];
        return BleuValues.Of(
            [.. Orders("BLEU-"), .. Orders("cumulative BLEU-")], NltkBleu.Sample(predictions, references, cancellationToken));
    }

    private static IEnumerable<MetricValue> ScoreRouge(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        RougeOptions settings = new() { Tokenizer = options.Words };
        RougeScores[] each = [.. GoogleRouge.ScoreEach(sheet.Predictions, sheet.References, settings, cancellationToken)];
        RougeScores mean = RougeScores.Mean(each);
        return
        [
            MetricValue.Mean("ROUGE-1", mean.Rouge1.F, [.. each.Select(scores => scores.Rouge1.F)]),
            MetricValue.Mean("ROUGE-2", mean.Rouge2.F, [.. each.Select(scores => scores.Rouge2.F)]),
            MetricValue.Mean("ROUGE-L", mean.RougeL.F, [.. each.Select(scores => scores.RougeL.F)]),
            MetricValue.Mean("ROUGE-Lsum", mean.RougeLsum.F, [.. each.Select(scores => scores.RougeLsum.F)]),
        ];
    }

    private static IEnumerable<MetricValue> ScoreMeteor(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        MeteorOptions settings = new() { WordNet = options.WordNet };
        MeteorScore score = NltkMeteor.Score(sheet.Predictions, sheet.References, options.Words, settings, cancellationToken);
        yield return MetricValue.Mean("METEOR", score.Score, score.PerPrediction);
    }

    private static IEnumerable<MetricValue> ScoreBert(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        if (options.Bert is not { } bert) throw new ArgumentException("it needs a BERT, a GGUF that 'paligguf convert' makes (--bert FILE).");
        using BertEncoder encoder = BertEncoder.Load(bert.Path);
        BertScoreOptions settings = new()
        {
            WeighRareTokens = bert.WeighRareTokens,
            Baseline = bert.Baseline is null ? null : BertBaseline.Read(bert.Baseline, encoder.Layer),
            Words = options.Words,
        };
        BertCorpusScore score = BertScorer.Score(encoder, sheet.Predictions, sheet.References, settings, cancellationToken);
        return
        [
            MetricValue.Mean("BERTScore precision", score.Mean.Precision, [.. score.Each.Select(each => each.Precision)]),
            MetricValue.Mean("BERTScore recall", score.Mean.Recall, [.. score.Each.Select(each => each.Recall)]),
            MetricValue.Mean("BERTScore F1", score.Mean.F, [.. score.Each.Select(each => each.F)]),
        ];
    }

    private static IEnumerable<MetricValue> ScoreVqa(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        VqaScore score = VqaAccuracy.Score(sheet.Predictions, sheet.References);
        return [MetricValue.Mean("VQA accuracy", score.Score, score.PerAnswer), .. ByType("VQA accuracy", score.PerAnswer, sheet.Types())];
    }

    private static IEnumerable<MetricValue> ScoreTally(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        TallyScore score = TallyQa.Score(sheet.Predictions, sheet.Single());
        yield return MetricValue.Mean("accuracy", score.Score, score.PerAnswer);
        foreach ((string kind, bool isSimple) in new[] { ("simple", true), ("complex", false) })
        {
            double?[] each = [.. score.PerAnswer.Select(value => (double?)value)];
            MetricValue? some = MetricValue.Mean($"accuracy, {kind}", each, i => sheet.Expected[i].IsSimple == isSimple);
            if (some is not null) yield return some;
        }
    }

    private static IEnumerable<MetricValue> ScorePope(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        PopeScore score = Pope.Score(sheet.Predictions, sheet.Single());
        return [MetricValue.Mean("accuracy", score.Score, score.PerAnswer), MetricValue.Share("valid answers", score.IsValid)];
    }

    private static IEnumerable<MetricValue> ScoreScience(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        ScienceQaScore score = ScienceQa.Score(sheet.Predictions, sheet.Single());
        return [MetricValue.Mean("accuracy", score.Score, score.PerAnswer), MetricValue.Share("without a letter", score.IsUnread)];
    }

    private static IEnumerable<MetricValue> ScoreAerial(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        string[] types = sheet.Types() ?? throw new ArgumentException("a question has no 'question_type'.");
        RsvqaScore score = Rsvqa.Score(sheet.Predictions, sheet.References, types);
        yield return MetricValue.Mean("accuracy", score.Score, score.PerAnswer);
        yield return MeanOf("mean of types", score.MeanOfTypes, score.ByType.Keys);
        if (score.LowResolution is { } low) yield return MeanOf("mean of comp, presence, rural_urban", low, Rsvqa.LowResolution);
        if (score.HighResolution is { } high) yield return MeanOf("mean of comp, presence", high, Rsvqa.HighResolution);
        foreach (MetricValue value in ByType("accuracy", score.PerAnswer, types)) yield return value;

        MetricValue MeanOf(string name, double value, IEnumerable<string> some) => MetricValue.MeanOfMeans(
            name, value, score.PerAnswer, [.. some.Select(type => (Func<int, bool>)(i => types[i] == type))]);
    }

    private static IReadOnlyList<string> Orders(string name) => [name + "1", name + "2", name + "3", name + "4"];

    private static IEnumerable<MetricValue> ByTypeToo(string name, IReadOnlyList<double> each, AnswerSheet sheet) =>
        ByTypeToo(name, [.. each.Select(score => (double?)score)], sheet);

    private static IEnumerable<MetricValue> ByTypeToo(string name, IReadOnlyList<double?> each, AnswerSheet sheet) =>
        ByType(name, each, sheet.Types()).Prepend(MetricValue.Mean(name, each, _ => true)).OfType<MetricValue>();

    private static IEnumerable<MetricValue> ByType(string name, IReadOnlyList<double> each, string[]? types) =>
        ByType(name, [.. each.Select(score => (double?)score)], types);

    private static IEnumerable<MetricValue> ByType(string name, IReadOnlyList<double?> each, string[]? types) =>
        (types ?? []).SelectMany(WithGroups).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(type => MetricValue.Mean($"{name}, {type}", each, i => WithGroups(types![i]).Contains(type))).OfType<MetricValue>();

    // "question, count" is one of "question".
    private static IEnumerable<string> WithGroups(string type)
    {
        const string Separator = ", ";
        for (int end = type.IndexOf(Separator, StringComparison.Ordinal); end > 0;
            end = type.IndexOf(Separator, end + 1, StringComparison.Ordinal))
        {
            yield return type[..end];
        }

        yield return type;
    }

    private static MetricValue Mean(string name, CaptionScore score) => MetricValue.Mean(name, score.Score, score.PerPicture);

    private static MetricValue Mean(string name, AnswerScore score) => MetricValue.Mean(name, score.Score, score.PerAnswer);

    private static string Message(ArgumentException e) =>
        e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private sealed record Metric(
        string Name, string Description, Func<AnswerSheet, MetricOptions, CancellationToken, IEnumerable<MetricValue>> Score);
}
