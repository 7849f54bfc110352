using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

public sealed class SamplerTests
{
    private const int PaliGemmaVocabulary = 257_216;
    private const int PaliGemmaImageToken = 257_152;

    [Fact]
    public void Greedy_is_the_highest_logit_and_the_first_of_equals() =>
        Prop.ForAll(Cases().ToArbitrary(), item =>
        {
            float[] allowed = item.Logits[..item.Allowed];
            Assert.Equal(Array.IndexOf(allowed, allowed.Max()), new Sampler(SamplingOptions.Greedy, item.Allowed).Next(item.Logits).Token);
        }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Greedy_passes_over_a_higher_logit_that_is_not_allowed()
    {
        (int token, float logProbability) = new Sampler(SamplingOptions.Greedy, 3).Next([0, 2, 1, 9, 9]);
        Assert.Equal(1, token);
        Assert.Equal(NaiveSampling.LogProbability([0, 2, 1, 9, 9], 1), logProbability, 1e-5);
    }

    [Fact]
    public void The_log_probability_is_the_models_own_whatever_the_sampling() =>
        Prop.ForAll(Cases().ToArbitrary(), item =>
        {
            (int token, float logProbability) = new Sampler(item.Options, item.Allowed).Next(item.Logits);
            Assert.Equal(NaiveSampling.LogProbability(item.Logits, token), logProbability, 2e-5);
        }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Every_token_drawn_is_one_that_the_filters_leave() =>
        Prop.ForAll(Cases().ToArbitrary(), item =>
        {
            double[] left = NaiveSampling.Probabilities(item.Logits[..item.Allowed], item.Options, generous: true);
            Sampler sampler = new(item.Options, item.Allowed);
            for (int draw = 0; draw < 40; draw++) Assert.NotEqual(0, left[sampler.Next(item.Logits).Token]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData(1, 0, 1, 0)]
    [InlineData(0.5, 0, 1, 0)]
    [InlineData(2, 0, 1, 0)]
    [InlineData(1, 4, 1, 0)]
    [InlineData(1, 0, 0.8, 0)]
    [InlineData(1, 0, 1, 0.1)]
    [InlineData(1.3, 7, 0.9, 0.05)]
    [InlineData(1, 1000, 0.999, 0)]
    public void Tokens_are_drawn_as_often_as_they_are_probable(float temperature, int topK, float topP, float minP)
    {
        const int Draws = 6000;
        float[] logits = [1.5f, -2, 0.3f, 0.9f, -0.4f, 2.1f, -1.1f, 0.05f, -6, 1.2f, 50];
        SamplingOptions options = new() { Temperature = temperature, TopK = topK, TopP = topP, MinP = minP, Seed = 5 };
        double[] expected = NaiveSampling.Probabilities(logits[..10], options);
        Sampler sampler = new(options, allowedTokens: 10);
        int[] counts = new int[10];
        for (int draw = 0; draw < Draws; draw++) counts[sampler.Next(logits).Token]++;

        double chiSquare = 0;
        for (int token = 0; token < 10; token++)
        {
            if (expected[token] == 0) Assert.Equal(0, counts[token]);
            else chiSquare += Math.Pow(counts[token] - (expected[token] * Draws), 2) / (expected[token] * Draws);
        }

        // The 0.999 quantile for nine degrees of freedom.
        Assert.InRange(chiSquare, 0, 27.9);
    }

    [Theory]
    [InlineData(1, 0, 0.9, 0)]
    [InlineData(1, 0, 0.999999, 0)]
    [InlineData(3, 0, 0.5, 0)]
    [InlineData(0.2, 0, 0.99, 0)]
    [InlineData(1, 50, 0.95, 0)]
    [InlineData(1, 5000, 1, 0)]
    [InlineData(1, 0, 1, 0.02)]
    public void The_filters_hold_in_PaliGemmas_vocabulary(float temperature, int topK, float topP, float minP)
    {
        Random random = new(11);
        float[] logits = Enumerable.Range(0, PaliGemmaVocabulary).Select(_ => (float)((random.NextDouble() * 12) + (random.Next(2000) == 0 ? 12 : 0))).ToArray();
        SamplingOptions options = new() { Temperature = temperature, TopK = topK, TopP = topP, MinP = minP, Seed = 3 };
        double[] left = NaiveSampling.Probabilities(logits[..PaliGemmaImageToken], options, generous: true);
        Sampler sampler = new(options, PaliGemmaImageToken);
        for (int draw = 0; draw < 6; draw++) Assert.NotEqual(0, left[sampler.Next(logits).Token]);
    }

    [Fact]
    public void Top_p_reaches_into_the_tail_of_PaliGemmas_vocabulary_no_less_than_it_should()
    {
        // Nine tenths of the mass are spread over 90,000 equal tokens, and the last tenth over the rest.
        float[] logits = Enumerable.Range(0, 100_000).Select(token => token % 10 == 0 ? -3f : 0f).ToArray();
        SamplingOptions options = new() { Temperature = 1, TopP = 0.99f, Seed = 1 };
        int left = NaiveSampling.Probabilities(logits, options).Count(probability => probability > 0);
        Sampler sampler = new(options, logits.Length);
        int highest = 0;
        for (int draw = 0; draw < 60; draw++) highest = Math.Max(highest, sampler.Next(logits).Token);
        Assert.InRange(left, 89_000, 90_000);
        Assert.InRange(highest, 90_000, 99_999);
    }

    [Fact]
    public void A_seed_repeats_and_another_one_differs()
    {
        Assert.Equal(Draw(7), Draw(7));
        Assert.NotEqual(Draw(7), Draw(8));
        Assert.NotEqual(Draw(null), Draw(null));

        static int[] Draw(int? seed)
        {
            Sampler sampler = new(new SamplingOptions { Temperature = 1, Seed = seed }, 1000);
            return Enumerable.Range(0, 30).Select(_ => sampler.Next(new float[1000]).Token).ToArray();
        }
    }

    [Theory]
    [InlineData(0, float.NaN)]
    [InlineData(1, float.NaN)]
    [InlineData(0, float.PositiveInfinity)]
    [InlineData(1, float.PositiveInfinity)]
    public void Logits_that_are_no_numbers_fail_the_request(float temperature, float bad)
    {
        Sampler sampler = new(new SamplingOptions { Temperature = temperature, TopK = 2 }, 3);
        Assert.Contains("NaN", Assert.Throws<InferenceException>(() => sampler.Next([1, 2, 3, bad])).Message, StringComparison.Ordinal);
        Assert.Contains("NaN", Assert.Throws<InferenceException>(() => sampler.Next([bad, bad, bad, bad])).Message, StringComparison.Ordinal);
        Assert.Throws<InferenceException>(() => sampler.Next([float.NegativeInfinity, float.NegativeInfinity]));
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 3, 1)]
    [InlineData(1, 3, 0.9)]
    [InlineData(1e-45, 3, 0.9)]
    public void A_token_of_probability_0_is_never_drawn(float temperature, int topK, float topP)
    {
        Sampler sampler = new(new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP, Seed = 1 }, 4);
        for (int draw = 0; draw < 50; draw++) Assert.Equal(2, sampler.Next([float.NegativeInfinity, float.NegativeInfinity, 1, float.NegativeInfinity, 0]).Token);
    }

    [Theory]
    [InlineData("temperature", "-0.5")]
    [InlineData("temperature", "NaN")]
    [InlineData("temperature", "Infinity")]
    [InlineData("top-k", "-1")]
    [InlineData("top-p", "0")]
    [InlineData("top-p", "1.5")]
    [InlineData("top-p", "NaN")]
    [InlineData("min-p", "-0.1")]
    [InlineData("min-p", "1.1")]
    [InlineData("min-p", "NaN")]
    public void An_option_out_of_range_is_refused_by_name_and_value(string name, string value)
    {
        float number = float.Parse(value);
        SamplingOptions options = name switch
        {
            "temperature" => new() { Temperature = number },
            "top-k" => new() { TopK = (int)number },
            "top-p" => new() { TopP = number },
            _ => new() { MinP = number },
        };
        ArgumentException refusal = Assert.Throws<ArgumentException>(options.Validate);
        Assert.Contains($"{name} of {value}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 1, 0)]
    [InlineData(1000, int.MaxValue, float.Epsilon, 1)]
    public void The_ends_of_the_ranges_are_accepted(float temperature, int topK, float topP, float minP)
    {
        SamplingOptions options = new() { Temperature = temperature, TopK = topK, TopP = topP, MinP = minP };
        options.Validate();
        Assert.Equal(1, new Sampler(options, 3).Next([0, 5, 1]).Token);
    }

    private static Gen<(float[] Logits, int Allowed, SamplingOptions Options)> Cases() =>
        from size in Gen.Choose(1, 60)
        from spread in Gen.Choose(0, 40)
        from raw in Gen.Choose(-1000, 1000).ArrayOf(size)
        from allowed in Gen.Choose(1, size)
        from temperature in Gen.Choose(1, 40)
        from topK in Gen.OneOf(Gen.Constant(0), Gen.Choose(1, 70))
        from topP in Gen.OneOf(Gen.Constant(100), Gen.Choose(1, 100))
        from minP in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 100))
        from seed in Gen.Choose(0, int.MaxValue)
        select (
            raw.Select(value => (value / 1000f * spread) + 0f).ToArray(),
            allowed,
            new SamplingOptions { Temperature = temperature / 10f, TopK = topK, TopP = topP / 100f, MinP = minP / 100f, Seed = seed });
}
