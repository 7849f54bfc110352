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

    private readonly Sampler _minP = new(new SamplingOptions { Temperature = 1, MinP = 0.05f, Seed = 1 }, ImageToken);
    private readonly Sampler _all = new(new SamplingOptions { Temperature = 1, TopK = 64, TopP = 0.95f, MinP = 0.01f, Seed = 1 }, ImageToken);
    private readonly Sampler _flat = new(new SamplingOptions { Temperature = 4, TopP = 0.95f, Seed = 1 }, ImageToken);
    private readonly int[] _locations = [.. Enumerable.Range(256_000, 1024)];

    [Benchmark(Baseline = true)]
    public int Greedy() => _greedy.Next(new TokenDistribution(_logits)).Token;

    [Benchmark]
    public int Temperature() => _temperature.Next(new TokenDistribution(_logits)).Token;

    [Benchmark]
    public int TopK() => _topK.Next(new TokenDistribution(_logits)).Token;

    [Benchmark]
    public int TopP() => _topP.Next(new TokenDistribution(_logits)).Token;

    [Benchmark]
    public int MinP() => _minP.Next(new TokenDistribution(_logits)).Token;

    [Benchmark]
    public int TopKTopPMinP() => _all.Next(new TokenDistribution(_logits)).Token;

    /// <summary>Most of the vocabulary is left to draw from.</summary>
    [Benchmark]
    public int TopPOfNearlyEqual() => _flat.Next(new TokenDistribution(_logits)).Token;

    /// <summary>Among the location tokens.</summary>
    [Benchmark]
    public int Constrained() => _greedy.Next(new TokenDistribution(_logits), _locations).Token;

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
