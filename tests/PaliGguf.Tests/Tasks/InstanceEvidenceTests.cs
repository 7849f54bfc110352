using PaliGguf.Language;
using PaliGguf.Tasks;

namespace PaliGguf.Tests.Tasks;

public sealed class InstanceEvidenceTests
{
    private static readonly AnsweredInstance Cat = new("cat", [100, 200, 400, 800], [], 0, 0);

    [Fact]
    public void A_sure_answer_has_the_score_1() => Assert.Equal(1, Score(Answer(Sure(100), Sure(200), Sure(400), Sure(800))), 1e-6f);

    [Fact]
    public void Probability_on_neighbouring_bins_is_as_good_as_on_the_chosen_one()
    {
        float[] spread = new float[1024];
        for (int bin = 80; bin < 120; bin++) spread[bin] = 1 / 40f;
        Assert.Equal(1, Score(Answer(spread, Sure(200), Sure(400), Sure(800))), 1e-5f);
    }

    [Fact]
    public void Probability_farther_than_a_third_of_the_box_counts_against_it()
    {
        // A box 300 bins high and 600 wide: 100 and 200 are near.
        Assert.Equal(1, Score(Answer(Half(100, 200), Sure(200), Sure(400), Sure(800))), 1e-5f);
        Assert.Equal(0.5f, Score(Answer(Half(100, 201), Sure(200), Sure(400), Sure(800))), 1e-5f);
        Assert.Equal(0.5f, Score(Answer(Sure(100), Sure(200), Sure(400), Half(800, 599))), 1e-5f);
        Assert.Equal(0.25f, Score(Answer(Sure(100), Half(200, 401), Sure(400), Half(800, 599))), 1e-5f);
    }

    [Fact]
    public void A_model_that_would_rather_have_ended_the_answer_is_not_sure()
    {
        float[] hesitant = new float[1024];
        hesitant[100] = 0.3f;
        Assert.Equal(0.3f, Score(Answer(hesitant, Sure(200), Sure(400), Sure(800))), 1e-5f);
    }

    [Fact]
    public void The_separator_before_and_the_label_count_too()
    {
        GenerationResult result = Answer(Sure(100), Sure(200), Sure(400), Sure(800));
        result = result with
        {
            Tokens = [8, 9, .. result.Tokens],
            LogProbabilities = [MathF.Log(0.9f), MathF.Log(0.5f), 0, 0, 0, 0, MathF.Log(0.8f)],
            Observations = [null, null, .. result.Observations],
        };
        InstanceEvidence evidence = InstanceEvidence.Of(result, Cat, previousEnd: 1, start: 2, end: 7);
        Assert.Equal((0.5, 0.8), (Math.Round(evidence.Existence, 6), Math.Round(evidence.Label, 6)));
        Assert.Equal(0.4f, InstanceScore.Of(evidence), 1e-5f);
    }

    [Fact]
    public void Locations_spelled_in_characters_get_the_probability_of_their_text()
    {
        GenerationResult result = Answer(Sure(100), Sure(200), Sure(400), Sure(800)) with
        {
            Observations = new float[]?[5],
            LogProbabilities = [MathF.Log(0.5f), MathF.Log(0.5f), 0, 0, 0],
        };
        Assert.Equal(0.25f, Score(result), 1e-5f);
    }

    private static float Score(GenerationResult result) => InstanceScore.Of(InstanceEvidence.Of(result, Cat, previousEnd: 0, start: 0, end: result.Tokens.Count));

    private static float[] Sure(int bin) => Half(bin, bin);

    private static float[] Half(int bin, int other)
    {
        float[] probabilities = new float[1024];
        probabilities[bin] += 0.5f;
        probabilities[other] += 0.5f;
        return probabilities;
    }

    /// <summary>Four locations and a label, all with probability 1.</summary>
    private static GenerationResult Answer(params float[][] locations) => new()
    {
        Text = "",
        Tokens = [0, 1, 2, 3, 4],
        LogProbabilities = new float[5],
        Observations = [.. locations, null],
        PrefixTokens = 10,
        FinishReason = FinishReason.Stop,
        Timings = new GenerationTimings(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 0),
    };
}
