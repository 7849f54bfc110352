using PaliGguf.Evaluation.Metrics.Bleu;

namespace PaliGguf.Evaluation.Tests.Metrics.Bleu;

public sealed class BleuTests
{
    private static readonly string[] Same = ["the cat sat on the mat"];

    [Fact]
    public void A_prediction_that_is_its_reference_has_the_full_score()
    {
        Assert.Equal(100, SacreBleu.Score(Same, [Same]).Score, 9);
        Assert.Equal(1, HuggingFaceBleu.Score(Same, [Same]).Score, 9);
    }

    [Fact]
    public void Hugging_Face_s_reference_length_is_the_shortest_and_sacrebleu_s_the_closest()
    {
        string[] references = ["a b c d e f", "a b"];
        Assert.Equal(2, HuggingFaceBleu.Score(["a b c d e"], [references]).ReferenceLength);
        Assert.Equal(6, SacreBleu.Score(["a b c d e"], [references]).ReferenceLength);
    }

    [Fact]
    public void Where_the_original_divides_by_zero_the_score_is_0()
    {
        HuggingFaceBleuScore noPrediction = HuggingFaceBleu.Score([""], [["a cat"]], new HuggingFaceBleuOptions { Smooth = true });
        Assert.Equal((0, 0, 0), (noPrediction.Score, noPrediction.BrevityPenalty, noPrediction.LengthRatio));
        HuggingFaceBleuScore noReference = HuggingFaceBleu.Score(["a cat"], [[""]], new HuggingFaceBleuOptions { Smooth = true });
        Assert.Equal((0, 1, double.PositiveInfinity), (noReference.Score, noReference.BrevityPenalty, noReference.LengthRatio));
    }

    [Fact]
    public void An_order_of_0_is_an_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SacreBleu.Score(Same, [Same], new SacreBleuOptions { MaxOrder = 0 }));

    [Fact]
    public void The_corpus_is_not_the_mean_of_its_sentences()
    {
        string[][] predictions = [["a", "b", "c", "d", "e"], ["x", "y"]];
        string[][][] references = [[["a", "b", "c", "d", "e"]], [["x", "z"]]];
        NltkBleuScore corpus = NltkBleu.Score(predictions, references);
        IReadOnlyList<NltkBleuScore> each = NltkBleu.ScoreEach(predictions, references);
        Assert.Equal(6.0 / 7, corpus.Cumulative[0], 12);
        Assert.Equal(0.75, each.Average(score => score.Cumulative[0]), 12);
    }
}
