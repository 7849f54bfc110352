using BenchmarkDotNet.Attributes;
using PaliGguf.Vision;

namespace PaliGguf.Benchmarks.Vision;

/// <summary>A photograph of 12 megapixels to the square that a checkpoint takes.</summary>
public class ResamplingBenchmarks
{
    private readonly RgbImage _photograph = TestPicture.Noise(4000, 3000);

    [Params(224, 896)]
    public int Side { get; set; }

    [Params(Interpolation.Bicubic, Interpolation.Bilinear)]
    public Interpolation Interpolation { get; set; }

    [Benchmark]
    public RgbImage Resize() => Resampling.Resize(_photograph, Side, Side, Interpolation);
}
