namespace PaliGguf.Conversion.Sources;

/// <summary>An array of an .npz file. Doubles are floats from here on: a checkpoint has them only where a tool did not care to say otherwise.</summary>
internal sealed class NpzArray : StoredTensor, IDisposable
{
    private readonly ZipContent _content;
    private readonly int _start;

    private NpzArray(string name, string path, ElementType type, IReadOnlyList<long> shape, ZipContent content, int start)
        : base(name, path, type == ElementType.F64 ? ElementType.F32 : type, shape)
    {
        StoredType = type;
        _content = content;
        _start = start;
    }

    /// <summary>The room that reading takes on the disk.</summary>
    public long ScratchBytes => _content.ScratchBytes;

    protected override ElementType StoredType { get; }

    /// <summary>Reads the head of an array, and holds it against the length that the archive declares.</summary>
    /// <exception cref="ModelFormatException">The head is malformed or does not fit, or the elements are not read.</exception>
    public static NpzArray Open(string name, string path, ZipContent content)
    {
        try
        {
            using Stream stream = content.Open();
            NpyHeader header = NpyHeader.Read(stream);
            if (header.FortranOrder && header.Shape.Count > 1) throw new FormatException("its elements are in Fortran's order, expected C's");
            ElementType type = ElementTypeOf(header.Type);
            CheckSize(header.Shape, type, content.Length - header.ByteLength);
            return new NpzArray(name, path, type, header.Shape, content, header.ByteLength);
        }
        catch (EndOfStreamException e)
        {
            throw new ModelFormatException(path, $"the array {OneLine.Show(name)} ends early", e);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw new ModelFormatException(path, $"the array {OneLine.Show(name)} can not be read: {OneLine.Show(e.Message)}", e);
        }
    }

    public void Dispose() => _content.Dispose();

    protected override void ReadBytes(long offset, Span<byte> destination) => _content.Read(_start + offset, destination);

    // NumPy has no bfloat16: arrays of the type that JAX adds are written as two bytes of unknown meaning.
    private static ElementType ElementTypeOf(string type) => type switch
    {
        "<f2" => ElementType.F16,
        "<f4" => ElementType.F32,
        "<f8" => ElementType.F64,
        "|V2" or "<V2" or "bfloat16" => ElementType.BF16,
        _ => throw new FormatException($"its elements are {OneLine.Show(type)}, expected <f2, <f4, <f8 or |V2 (bfloat16)"),
    };

    private static void CheckSize(IReadOnlyList<long> shape, ElementType type, long available)
    {
        Int128 needed = type.Size();
        foreach (long size in shape)
        {
            if (size < 1) throw new FormatException($"its shape is {OneLine.Show(shape)}");
            needed *= size;
            if (needed > long.MaxValue) throw new FormatException($"its shape {OneLine.Show(shape)} is larger than any file");
        }

        if (needed > available) throw new FormatException($"its shape {OneLine.Show(shape)} needs {needed} bytes, and the archive has {available} for it");
        if (needed < available) throw new FormatException($"the archive has {available} bytes for it, more than its shape {OneLine.Show(shape)} says");
    }
}
