using BenchmarkDotNet.Attributes;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Benchmarks.Tasks;

/// <summary>From the codewords of an answer to a mask, and to what is made of it in a picture of 12 megapixels.</summary>
[MemoryDiagnoser]
public class MaskBenchmarks
{
    private readonly int[] _codewords = [.. Enumerable.Range(0, MaskDecoder.Codewords).Select(cell => cell * 29 % MaskDecoder.CodebookLength)];
    private readonly float[] _logits = new float[MaskDecoder.Side * MaskDecoder.Side];
    private MaskDecoder? _decoder;
    private Mask? _mask;

    [GlobalSetup]
    public void Read()
    {
        _decoder = MaskDecoder.Read(PaliNano.VisionPath);
        _mask = new Mask(_decoder!.Decode(_codewords), new PixelBox(1000, 500, 2500, 2000), 4000, 3000);
    }

    [Benchmark]
    public void Decode() => _decoder!.Decode(_codewords, _logits);

    [Benchmark]
    public MaskBitmap Bitmap() => _mask!.ToBitmap();

    [Benchmark]
    public string Runs() => _mask!.ToRunLengths().ToCounts();

    [Benchmark]
    public IReadOnlyList<MaskPolygon> Polygons() => _mask!.ToPolygons();
}
