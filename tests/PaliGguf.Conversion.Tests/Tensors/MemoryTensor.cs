using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tests.Tensors;

/// <summary>A tensor of the numbers 1, 2, 3 and so on, or of given ones.</summary>
internal sealed class MemoryTensor(long[] shape, float[]? values = null, string name = "t", ElementType type = ElementType.F32)
    : SourceTensor(name, "memory", type, shape)
{
    public override void Read(long first, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++) destination[i] = values is null ? first + i + 1 : values[first + i];
    }
}
