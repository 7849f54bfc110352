namespace PaliGguf.Conversion.Sources;

/// <summary>
/// A tensor of a checkpoint that is read in pieces, as floats, so that no tensor is ever in memory as a whole.
/// Sources of any kind (a range of a file, a merged adapter, a padded or shifted tensor) look the same from here.
/// </summary>
/// <param name="name">The name in the checkpoint, for messages.</param>
/// <param name="path">The file it comes from, for messages.</param>
/// <param name="type">How it is stored there.</param>
/// <param name="shape">Outermost dimension first, as checkpoints write it; the product is known not to overflow.</param>
internal abstract class SourceTensor(string name, string path, ElementType type, IReadOnlyList<long> shape)
{
    public string Name { get; } = name;

    public string Path { get; } = path;

    public ElementType Type { get; } = type;

    public IReadOnlyList<long> Shape { get; } = shape;

    public long Count { get; } = shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>After how many rows the same ones come again: all of them, but in synthetic tensors.</summary>
    public virtual long RowPeriod => Shape.Count == 0 ? 1 : Count / Shape[^1];

    /// <summary>Reads elements in row-major order. May be called from several threads at once.</summary>
    /// <param name="first">The index of the first element; the range lies within <see cref="Count"/>.</param>
    /// <param name="destination">Filled completely.</param>
    /// <exception cref="ModelFormatException">The file has changed or ends early.</exception>
    public abstract void Read(long first, Span<float> destination);
}
