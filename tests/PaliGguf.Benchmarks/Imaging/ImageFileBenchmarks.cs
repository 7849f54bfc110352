using BenchmarkDotNet.Attributes;
using PaliGguf.Benchmarks.Vision;
using PaliGguf.Imaging;

namespace PaliGguf.Benchmarks.Imaging;

/// <summary>A picture's file in memory to pixels: a small one, and a photograph of 12 megapixels.</summary>
public class ImageFileBenchmarks
{
    private byte[] _file = [];

    [Params(ImageFormat.Jpeg, ImageFormat.Png)]
    public ImageFormat Format { get; set; }

    [Params(640, 4000)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Encode() => _file = ImageFile.Encode(TestPicture.Gradient(Width, 3 * Width / 4), Format);

    [Benchmark]
    public RgbImage Load() => ImageFile.Load(_file.AsSpan());
}
