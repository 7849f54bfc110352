using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>A small tensor, read as a whole when it is made: it outlives its file.</summary>
internal sealed class LoadedTensor : SourceTensor
{
    private readonly float[] _elements;

    /// <param name="source">The tensor.</param>
    /// <param name="shape">The dimensions that it gets: of as many elements.</param>
    public LoadedTensor(SourceTensor source, IReadOnlyList<long> shape)
        : base(source.Name, source.Path, source.Type, shape)
    {
        _elements = new float[checked((int)source.Count)];
        source.Read(0, _elements);
    }

    public override void Read(long first, Span<float> destination) => _elements.AsSpan((int)first, destination.Length).CopyTo(destination);
}
