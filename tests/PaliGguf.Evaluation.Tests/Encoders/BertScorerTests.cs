using PaliGguf.Evaluation.Encoders;
using PaliGguf.Evaluation.Metrics.Bert;
using PaliGguf.Evaluation.Metrics.Thai;

namespace PaliGguf.Evaluation.Tests.Encoders;

public sealed class BertScorerTests
{
    private static readonly string[] Predictions = ["Ein Hund schlafen .", "eine Katze", "", "Hund und Katze"];

    private static readonly string[][] References =
        [["Ein Hund schlafen .", "Katze"], ["eine Hund", "Katze und Katze ."], ["Hund"], ["Hund und Hund"]];

    [Fact]
    public void The_corpus_is_the_mean_of_its_texts()
    {
        BertCorpusScore score = BertScorer.Score(BertModels.Encoder, Predictions, References);

        Assert.Equal(1, score.Each[0].F, 5);
        Assert.Equal(default, score.Each[2]);
        Assert.Equal(score.Each.Average(each => each.F), score.Mean.F, 12);
        Assert.Equal(score.Each.Average(each => each.Recall), score.Mean.Recall, 12);
        Assert.Equal(BertScore.OfBest(Encode(Predictions[1]), [Encode("eine Hund"), Encode("Katze und Katze .")]).F, score.Each[1].F, 6);
    }

    [Fact]
    public void Rare_tokens_weigh_more_where_that_is_asked_for_and_are_counted_over_all_references()
    {
        BertCorpusScore score = BertScorer.Score(
            BertModels.Encoder, Predictions, References, new BertScoreOptions { WeighRareTokens = true });

        TokenWeights weights = new([.. References.SelectMany(each => each).Select(BertModels.Encoder.Tokenize)]);
        Assert.Equal(BertScore.Of(Encode(Predictions[3]), Encode(References[3][0]), weights).F, score.Each[3].F, 6);
        Assert.NotEqual(BertScore.Of(Encode(Predictions[3]), Encode(References[3][0])).F, score.Each[3].F, 4);
    }

    [Fact]
    public void A_baseline_stretches_all_values()
    {
        BertScore baseline = new(0.5, 0.4, 0.3);
        BertCorpusScore plain = BertScorer.Score(BertModels.Encoder, Predictions, References);
        BertCorpusScore score = BertScorer.Score(BertModels.Encoder, Predictions, References, new BertScoreOptions { Baseline = baseline });

        Assert.Equal(plain.Each.Select(each => each.Rescale(baseline)), score.Each);
    }

    [Fact]
    public void Thai_words_are_told_apart_where_a_tokenizer_finds_them()
    {
        NewmmTokenizer words = new(ThaiWordList.Create(["หมา", "นอน", "บน", "เตียง"]));
        string[] prediction = ["หมานอนบนเตียง"];
        string[][] reference = [["หมาหมา"]];

        // Without, each caption is one word that is not known, and such words are alike.
        Assert.True(BertScorer.Score(BertModels.Encoder, prediction, reference).Mean.F > 0.99);
        double f = BertScorer.Score(BertModels.Encoder, prediction, reference, new BertScoreOptions { Words = words }).Mean.F;
        Assert.Equal(BertScore.Of(Encode("หมา นอน บน เตียง"), Encode("หมา หมา")).F, f, 6);
        Assert.True(f < 0.99);
    }

    [Fact]
    public void Many_texts_are_scored_some_at_a_time()
    {
        string[] predictions = [.. Enumerable.Range(0, 1500).Select(i => string.Join(' ', Enumerable.Repeat("Hund", 1 + (i % 12))))];
        string[][] references = [.. predictions.Select(_ => new[] { "Hund und Katze" })];

        IReadOnlyList<BertScore> each = BertScorer.Score(BertModels.Encoder, predictions, references).Each;

        Assert.Equal(1500, each.Count);
        Assert.All(each.Index(), pair => Assert.Equal(each[pair.Index % 12].F, pair.Item.F, 5));
    }

    [Fact]
    public void What_does_not_belong_together_is_an_error()
    {
        Assert.Throws<ArgumentException>(() => BertScorer.Score(BertModels.Encoder, [], []));
        Assert.Throws<ArgumentException>(() => BertScorer.Score(BertModels.Encoder, ["a"], [[]]));
        Assert.Throws<ArgumentException>(() => BertScorer.Score(BertModels.Encoder, ["a", "b"], [["a"]]));
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => BertScorer.Score(BertModels.Encoder, ["a"], [["a"]], cancellationToken: cancelled.Token));
    }

    private static BertText Encode(string text) => BertModels.Encoder.Encode([BertModels.Encoder.Tokenize(text)])[0];
}
