using System.Numerics.Tensors;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>A matrix multiplied by a number, and to its right the same with a minus: twice the columns.</summary>
internal sealed class MirroredTensor(SourceTensor source, float scale)
    : SourceTensor(source.Name, source.Path, source.Type, [source.Shape[0], 2 * source.Shape[1]])
{
    private readonly long _columns = source.Shape[1];

    public override void Read(long first, Span<float> destination)
    {
        while (!destination.IsEmpty)
        {
            // A half of a row at a time: 2 * row for the left one.
            (long half, long column) = Math.DivRem(first, _columns);
            Span<float> part = destination[..(int)Math.Min(_columns - column, destination.Length)];
            source.Read((half / 2 * _columns) + column, part);
            TensorPrimitives.Multiply(part, half % 2 == 0 ? scale : -scale, part);
            destination = destination[part.Length..];
            first += part.Length;
        }
    }
}
