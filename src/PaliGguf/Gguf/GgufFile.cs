using System.Diagnostics.CodeAnalysis;

namespace PaliGguf.Gguf;

/// <summary>
/// A GGUF file, mapped into memory read-only and validated wholly when it is opened: whoever holds one knows that all sizes, names and
/// offsets in it are sound, and that all tensor data is inside the file. Safe for concurrent readers. The file must not be shortened
/// by another process while it is open; a new file in its place is no harm.
/// </summary>
public sealed class GgufFile : IDisposable
{
    internal const string AlignmentKey = "general.alignment";

    private readonly MappedFile _file;
    private readonly List<GgufTensor> _tensors;
    private readonly Dictionary<string, GgufTensor> _byName;

    private GgufFile(MappedFile file, uint version, uint alignment, GgufMetadata metadata, List<GgufTensor> tensors)
    {
        _file = file;
        _tensors = tensors;
        _byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        Version = version;
        Alignment = alignment;
        Metadata = metadata;
    }

    /// <summary>The file's name as it was given.</summary>
    public string Path => _file.Path;

    /// <summary>The version of the format: 2 or 3.</summary>
    public uint Version { get; }

    /// <summary>Tensor data begins at multiples of this many bytes: a power of two.</summary>
    public uint Alignment { get; }

    /// <summary>The file's length in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>What the file was when it was opened.</summary>
    internal FileStamp Stamp => _file.Stamp;

    /// <summary>The keys and their values.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>The tensors in the file's order.</summary>
    public IReadOnlyList<GgufTensor> Tensors => _tensors;

    /// <summary>Opens a file and checks all of it but the numbers in its tensors.</summary>
    /// <param name="path">The file. Little-endian files of versions 2 and 3 are read.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">It is not a GGUF file, or a malformed or truncated one.</exception>
    /// <exception cref="IOException">It can not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static GgufFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            using MappedView view = file.Acquire();
            GgufCursor cursor = new(path, view);
            GgufHeader header = GgufHeader.Read(ref cursor);
            GgufMetadata metadata = GgufMetadataReader.Read(ref cursor, file, header.EntryCount);
            uint alignment = GgufMetadataReader.Alignment(path, metadata);
            List<GgufTensor> tensors = GgufTensorReader.Read(ref cursor, header.TensorCount, alignment);
            return new GgufFile(file, header.Version, alignment, metadata, tensors);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="MappedFile.Guard"/>
    internal FileGuard Guard => _file.Guard;

    /// <inheritdoc cref="MappedFile.RequireUnchanged"/>
    internal void RequireUnchanged() => _file.RequireUnchanged();

    /// <summary>Finds a tensor.</summary>
    /// <returns>False if the file has none of this name.</returns>
    public bool TryGetTensor(string name, [NotNullWhen(true)] out GgufTensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>Finds a tensor.</summary>
    /// <returns>Null if the file has none of this name.</returns>
    public GgufTensor? FindTensor(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Finds a tensor.</summary>
    /// <exception cref="ModelFormatException">The file has none of this name.</exception>
    public GgufTensor GetTensor(string name) =>
        FindTensor(name) ?? throw new ModelFormatException(Path, $"the tensor {GgufName.Quote(name)} is missing.");

    /// <summary>
    /// Rows of a tensor as they are stored, without a copy. The memory is the file's: it is valid until the file is disposed, or collected,
    /// so the caller keeps the file in use as long as the span. Where that can not be promised,
    /// <see cref="CopyTo(GgufTensor, long, Span{byte})"/> is safe.
    /// </summary>
    /// <param name="tensor">A tensor of this file.</param>
    /// <param name="firstRow">The first row, from 0.</param>
    /// <param name="rowCount">The number of rows; together below 2 GiB.</param>
    /// <returns><c>rowCount * tensor.RowByteLength</c> bytes.</returns>
    /// <exception cref="ArgumentException">The tensor is not of this file.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tensor has not all of these rows, or they do not fit a span.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public ReadOnlySpan<byte> GetRows(GgufTensor tensor, long firstRow, int rowCount)
    {
        RequireOwn(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, tensor.RowCount - rowCount);
        long bytes = tensor.RowByteLength * rowCount;
        if (bytes > int.MaxValue) throw new ArgumentOutOfRangeException(nameof(rowCount), rowCount, $"The rows have {bytes} bytes, more than a span can have.");
        return _file.Span(tensor.Offset + (firstRow * tensor.RowByteLength), (int)bytes);
    }

    /// <summary>Copies stored bytes of a tensor. Safe even if another thread disposes the file meanwhile.</summary>
    /// <param name="tensor">A tensor of this file.</param>
    /// <param name="byteOffset">Where to begin, from the tensor's first byte.</param>
    /// <param name="destination">Filled wholly.</param>
    /// <exception cref="ArgumentException">The tensor is not of this file.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tensor has not all of these bytes.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed before.</exception>
    public void CopyTo(GgufTensor tensor, long byteOffset, Span<byte> destination)
    {
        RequireOwn(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteOffset, tensor.ByteLength - destination.Length);
        using MappedView view = _file.Acquire();
        view.Slice(tensor.Offset + byteOffset, destination.Length).CopyTo(destination);
    }

    /// <summary>A read-only, seekable stream over the stored bytes of a tensor, which may be more than 2 GiB.</summary>
    /// <param name="tensor">A tensor of this file.</param>
    /// <exception cref="ArgumentException">The tensor is not of this file.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed; reading from a stream opened before fails likewise.</exception>
    public Stream OpenRead(GgufTensor tensor)
    {
        RequireOwn(tensor);
        return _file.OpenRead(tensor.Offset, tensor.ByteLength);
    }

    /// <summary>Ends the mapping once reads in other threads have ended. Spans from <see cref="GetRows"/> must not be used any more.</summary>
    public void Dispose() => _file.Dispose();

    private void RequireOwn(GgufTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (_byName.GetValueOrDefault(tensor.Name) != tensor) throw new ArgumentException($"The tensor {tensor.Name} is not of {Path}.", nameof(tensor));
    }
}
