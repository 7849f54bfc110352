using BenchmarkDotNet.Attributes;
using PaliGguf.Vision;

namespace PaliGguf.Benchmarks.Vision;

/// <summary>What identifies a picture that has its size already.</summary>
public class SoftTokenCacheBenchmarks
{
    private RgbImage? _picture;

    [Params(224, 896)]
    public int Side { get; set; }

    [GlobalSetup]
    public void Draw() => _picture = TestPicture.Noise(Side, Side);

    [Benchmark]
    public Int128 Key() => SoftTokenCache.Key(_picture!);
}
