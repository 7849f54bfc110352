using BenchmarkDotNet.Attributes;
using PaliGguf.Language;

namespace PaliGguf.Benchmarks;

/// <summary>pali-nano from a prompt to its answer on one thread; the picture's soft tokens are known after the warm-up.</summary>
public class PaliModelBenchmarks
{
    private PaliModel? _model;
    private RgbImage? _scene;

    /// <summary>With 1 it is the prefix alone.</summary>
    [Params(1, 33)]
    public int Tokens { get; set; }

    [GlobalSetup]
    public void Load()
    {
        // In this toolchain nobody awaits a setup.
        _model = PaliModel.LoadAsync(PaliNano.TextPath, new ModelOptions { Threads = 1, GpuLayers = 0 }).GetAwaiter().GetResult();
        _scene = PaliNano.Scene();
    }

    [Benchmark]
    public Task<GenerationResult> Generate() => _model!.GenerateAsync(
        new GenerationRequest { Images = [_scene!], Prompt = "describe en", MaxTokens = Tokens, IgnoreEos = true }).Result;

    [GlobalCleanup]
    public void Close() => _model?.Dispose();
}
