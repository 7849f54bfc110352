using BenchmarkDotNet.Attributes;
using PaliGguf.Products;

namespace PaliGguf.Benchmarks.Products;

/// <summary>Bias and activation of one row of a 3B tower's MLP.</summary>
public class GeluBenchmarks
{
    private readonly float[] _source = [.. Enumerable.Range(0, 4320).Select(index => MathF.Sin(index) * 4)];
    private readonly float[] _row = new float[4320];
    private readonly float[] _bias = new float[4320];

    [Benchmark(Baseline = true)]
    public void Copy() => _source.CopyTo(_row, 0);

    [Benchmark]
    public void CopyAndApply()
    {
        _source.CopyTo(_row, 0);
        Gelu.Apply(_row, _bias);
    }
}
