using System.Numerics.Tensors;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>A tensor with one added to every element: checkpoints of Gemma store the gain of a norm without the one that GGUF includes.</summary>
internal sealed class ShiftedTensor(SourceTensor source) : SourceTensor(source.Name, source.Path, source.Type, source.Shape)
{
    public override void Read(long first, Span<float> destination)
    {
        source.Read(first, destination);
        TensorPrimitives.Add(destination, 1f, destination);
    }
}
