using System.Numerics.Tensors;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>A tensor with every element multiplied by a number.</summary>
internal sealed class ScaledTensor(SourceTensor source, float scale) : SourceTensor(source.Name, source.Path, source.Type, source.Shape)
{
    public override void Read(long first, Span<float> destination)
    {
        source.Read(first, destination);
        TensorPrimitives.Multiply(destination, scale, destination);
    }
}
