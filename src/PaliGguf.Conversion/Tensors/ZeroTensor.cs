using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>A tensor of zeros, which stands where another one was.</summary>
internal sealed class ZeroTensor(SourceTensor other, params IReadOnlyList<long> shape)
    : SourceTensor(other.Name, other.Path, other.Type, shape)
{
    public override void Read(long first, Span<float> destination) => destination.Clear();
}
