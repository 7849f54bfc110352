using BenchmarkDotNet.Attributes;
using PaliGguf.Vision;

namespace PaliGguf.Benchmarks.Vision;

/// <summary>Normalised patches, the vision tower's input, of a picture that has its size already.</summary>
public class PatchBenchmarks
{
    private const int PatchSize = 14;
    private RgbImage? _picture;
    private float[] _patches = [];

    [Params(224, 896)]
    public int Side { get; set; }

    [GlobalSetup]
    public void Draw()
    {
        _picture = TestPicture.Noise(Side, Side);
        _patches = new float[3 * Side * Side];
    }

    [Benchmark]
    public void WritePatches() => PixelNormalization.Siglip.WritePatches(_picture!, PatchSize, _patches);
}
