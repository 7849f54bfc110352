using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

public sealed class BeamSearchTests
{
    private const int End = 0;
    private static readonly int[] Tokens = [1, 2, 3, 4];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Finds_what_the_reference_finds(int beams)
    {
        for (int seed = 0; seed < 200; seed++)
        {
            (int[] expected, double score) = NaiveBeamSearch.Run(beams, 5, Tokens, End, answer => Normalised(Logits(seed, answer)));
            BeamSearch search = Run(beams, 5, seed);
            Assert.Equal(expected, search.Best!.Path().Select(step => step.Token));
            Assert.Equal(score, search.BestScore, 1e-3);
        }
    }

    [Fact]
    public void With_beams_enough_it_finds_the_most_probable_answer_of_all()
    {
        int other = 0;
        for (int seed = 0; seed < 50; seed++)
        {
            (int[] expected, _) = NaiveBeamSearch.Exhaust(3, Tokens, End, answer => Normalised(Logits(seed, answer)));
            Assert.Equal(expected, Run(64, 3, seed).Best!.Path().Select(step => step.Token));
            if (!expected.SequenceEqual(Run(1, 3, seed).Best!.Path().Select(step => step.Token))) other++;
        }

        // One beam alone misses some of them, so the comparison above can fail.
        Assert.InRange(other, 1, 50);
    }

    [Fact]
    public void Without_an_end_the_longest_hypotheses_are_what_there_is()
    {
        BeamSearch search = Run(3, 4, seed: 1, endless: true);
        Assert.Null(search.Best);
        Assert.True(search.IsCut);
        Assert.Equal(3, search.Live.Count);
        Assert.Equal(search.Live.Select(live => live.Score).OrderDescending(), search.Live.Select(live => live.Score));
        Assert.All(search.Live, live => Assert.Equal(live.Score, live.Path().Sum(step => (double)step.LogProbability), 1e-9));
    }

    [Fact]
    public void A_stopped_hypothesis_is_an_answer_without_an_end()
    {
        BeamSearch search = Run(4, 3, seed: 1, stopped: hypothesis => hypothesis.Length == 1, endless: true);
        Assert.Equal(1, search.Best!.Length);
        Assert.Empty(search.Live);
        Assert.True(search.IsOver);
        Assert.Equal(search.Best.Score, search.BestScore);
    }

    private static BeamSearch Run(int beams, int maxTokens, int seed, bool endless = false, Func<Hypothesis, bool>? stopped = null)
    {
        AnswerRules rules = new(new GenerationRequest { Prompt = "" }, new Lazy<PieceIndex>());
        BeamSearch search = new(beams, maxTokens, endless ? [] : [End], vocabularySize: 5, rules, stopped ?? (_ => false));
        while (true)
        {
            for (int index = 0; index < search.Live.Count; index++)
            {
                search.Consider(index, new TokenDistribution(Logits(seed, [.. search.Live[index].Path().Select(step => step.Token)])));
            }

            if (search.IsCut) return search;
            IReadOnlyList<int> parents = search.Advance();
            Assert.Equal(search.Live.Count, parents.Count);
            if (search.IsOver) return search;
        }
    }

    /// <summary>Logits that depend on the whole answer so far; the sixth token, never to be chosen, is the most probable.</summary>
    private static float[] Logits(int seed, int[] answer)
    {
        Random random = new(answer.Aggregate(seed + 1, (hash, token) => unchecked((hash * 31) + token + 1)));
        return [.. Enumerable.Range(0, 5).Select(_ => (float)(random.NextDouble() * 3)), 3.5f];
    }

    private static double[] Normalised(float[] logits)
    {
        double logSum = Math.Log(logits.Sum(logit => Math.Exp(logit)));
        return Array.ConvertAll(logits, logit => logit - logSum);
    }
}
