using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>A vector with zeros added at its end, or a matrix with zeros added below and to the right.</summary>
internal sealed class PaddedTensor : SourceTensor
{
    private readonly SourceTensor _source;
    private readonly long _sourceRows;
    private readonly long _sourceColumns;
    private readonly long _columns;

    public PaddedTensor(SourceTensor source, params long[] shape)
        : base(source.Name, source.Path, source.Type, shape)
    {
        if (shape.Length is < 1 or > 2 || shape.Length != source.Shape.Count || shape.Zip(source.Shape).Any(pair => pair.First < pair.Second))
        {
            throw new ArgumentException($"{OneLine.Show(source.Shape)} can not be padded to {OneLine.Show(shape)}.", nameof(shape));
        }

        _source = source;
        _sourceRows = shape.Length == 1 ? 1 : source.Shape[0];
        _sourceColumns = source.Shape[^1];
        _columns = shape[^1];
    }

    public override void Read(long first, Span<float> destination)
    {
        while (!destination.IsEmpty)
        {
            (long row, long column) = Math.DivRem(first, _columns);
            bool real = row < _sourceRows && column < _sourceColumns;
            long end = real ? _sourceColumns : _columns;
            Span<float> part = destination[..(int)Math.Min(end - column, destination.Length)];
            if (real) _source.Read((row * _sourceColumns) + column, part);
            else part.Clear();
            destination = destination[part.Length..];
            first += part.Length;
        }
    }
}
