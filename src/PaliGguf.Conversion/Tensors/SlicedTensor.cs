using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>Consecutive elements of a tensor, under a shape of their own: one layer of a stack of them, or the same tensor with its dimensions grouped otherwise.</summary>
internal sealed class SlicedTensor : SourceTensor
{
    private readonly SourceTensor _source;
    private readonly long _start;

    /// <param name="source">The tensor.</param>
    /// <param name="start">The first of the elements.</param>
    /// <param name="shape">The shape that they get.</param>
    public SlicedTensor(SourceTensor source, long start, params IReadOnlyList<long> shape)
        : base(source.Name, source.Path, source.Type, shape)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, source.Count - Count);
        _source = source;
        _start = start;
    }

    public override void Read(long first, Span<float> destination) => _source.Read(_start + first, destination);
}
