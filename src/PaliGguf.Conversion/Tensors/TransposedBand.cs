namespace PaliGguf.Conversion.Tensors;

/// <summary>
/// Some rows of the transposed tensor that is being read: 64 MB of memory, taken when first needed, that all transposed tensors of a checkpoint share, since they are
/// read one after the other. Safe for several threads, which then wait for each other.
/// </summary>
internal sealed class TransposedBand
{
    private const int Elements = 1 << 24;
    private readonly Lock _lock = new();
    private float[] _elements = [];
    private TransposedTensor? _tensor;
    private long _first;
    private int _count;

    /// <summary>Copies elements out of the band, after it has been moved to where they are.</summary>
    public void Read(TransposedTensor tensor, long first, Span<float> destination)
    {
        lock (_lock)
        {
            while (!destination.IsEmpty)
            {
                if (_tensor != tensor || first < _first || first >= _first + _count) MoveTo(tensor, first);
                ReadOnlySpan<float> ready = _elements.AsSpan(0, _count)[(int)(first - _first)..];
                if (ready.Length > destination.Length) ready = ready[..destination.Length];
                ready.CopyTo(destination);
                destination = destination[ready.Length..];
                first += ready.Length;
            }
        }
    }

    private void MoveTo(TransposedTensor tensor, long first)
    {
        _tensor = null;
        int rows = Math.Max(1, Elements / tensor.RowLength);
        long row = first / tensor.RowLength / rows * rows;
        _first = row * tensor.RowLength;
        _count = (int)Math.Min((long)rows * tensor.RowLength, tensor.Count - _first);
        if (_elements.Length < _count) _elements = GC.AllocateUninitializedArray<float>(Math.Max(_count, (int)Math.Min(tensor.Count, Elements)));
        tensor.ReadRows(row, _elements.AsSpan(0, _count));
        _tensor = tensor;
    }
}
