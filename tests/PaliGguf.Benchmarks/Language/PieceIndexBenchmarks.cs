using System.Text;
using BenchmarkDotNet.Attributes;
using PaliGguf.Language;

namespace PaliGguf.Benchmarks.Language;

/// <summary>The tokens of PaliGemma's vocabulary by their bytes: made once for each model, at the first request that asks for boxes.</summary>
public class PieceIndexBenchmarks
{
    private const int Pieces = 257_152;

    private readonly byte[][] _pieces = [.. Enumerable.Range(0, Pieces).Select(token => Encoding.UTF8.GetBytes($"piece{token}"))];
    private readonly byte[] _text = Encoding.UTF8.GetBytes("piece25715");
    private PieceIndex? _index;

    [GlobalSetup]
    public void Fill() => _index = (PieceIndex)Build();

    [Benchmark]
    public object Build() => new PieceIndex(Pieces, 1, token => _pieces[token]);

    [Benchmark]
    public int? Find() => _index!.Find(_text);

    [Benchmark]
    public int FindPrefixes() => _index!.FindPrefixes(_text).Count;
}
