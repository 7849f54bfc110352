using BenchmarkDotNet.Attributes;
using PaliGguf.Language;

namespace PaliGguf.Benchmarks.Language;

/// <summary>One token out of PaliGemma's 257,216 logits, with its log-probability.</summary>
public class SamplerBenchmarks
{
    private const int Vocabulary = 257_216;
    private const int ImageToken = 257_152;

    private readonly float[] _logits = Logits();
    private readonly Sampler _greedy = new(SamplingOptions.Greedy, ImageToken);
    private readonly Sampler _temperature = new(new SamplingOptions { Temperature = 1, Seed = 1 }, ImageToken);
    private readonly Sampler _topK = new(new SamplingOptions { Temperature = 1, TopK = 40, Seed = 1 }, ImageToken);
    private readonly Sampler _topP = new(new SamplingOptions { Temperature = 1, TopP = 0.95f, Seed = 1 }, ImageToken);

    [Benchmark(Baseline = true)]
    public int Greedy() => _greedy.Next(new TokenDistribution(_logits)).Token;

    [Benchmark]
    public int Temperature() => _temperature.Next(new TokenDistribution(_logits)).Token;

    [Benchmark]
    public int TopK() => _topK.Next(new TokenDistribution(_logits)).Token;

    [Benchmark]
    public int TopP() => _topP.Next(new TokenDistribution(_logits)).Token;

    /// <summary>As a language model gives them: nearly all far below a few likely ones.</summary>
    private static float[] Logits()
    {
        Random random = new(1);
        float[] logits = new float[Vocabulary];
        for (int token = 0; token < logits.Length; token++) logits[token] = (random.NextSingle() * 10) - 12;
        for (int likely = 0; likely < 20; likely++) logits[random.Next(ImageToken)] = 10 - (0.5f * likely);
        return logits;
    }
}
