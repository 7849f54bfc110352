namespace PaliGguf.Batch.Results;

/// <summary>A file that lines are added to. Not for use by several threads.</summary>
/// <param name="path">Where it is.</param>
internal sealed class LineFile(string path) : IDisposable
{
    private FileStream? _file;

    public string Path => path;

    /// <summary>How long it is, in bytes; it need not be there yet.</summary>
    public long Length { get; private set; } = File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>Adds bytes.</summary>
    /// <exception cref="IOException">The disk does not take them.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        RandomAccess.Write(Open().SafeFileHandle, bytes, Length);
        Length += bytes.Length;
    }

    /// <summary>Leaves out what is behind a place.</summary>
    public void Cut(long length)
    {
        // Also what a failed write has left.
        if (_file is null && length == Length) return;
        Open().SetLength(length);
        Length = length;
    }

    /// <summary>Sees that all is on the disk.</summary>
    public void Sync() => _file?.Flush(flushToDisk: true);

    /// <summary>Reads a part.</summary>
    /// <exception cref="EndOfStreamException">
    /// The file ends before it, or it before it begins: the journal tells of another file.
    /// </exception>
    public byte[] Read(long start, long length)
    {
        if (start < 0 || length < 0 || length > Length - start)
            throw new EndOfStreamException($"it ends before byte {Math.Max(start, start + length)}");
        byte[] bytes = new byte[length];
        return Open().SafeFileHandle.ReadFully(bytes, start) == length ? bytes
            : throw new EndOfStreamException($"it ends before byte {start + length}");
    }

    /// <summary>The end of the last whole line.</summary>
    public long EndOfLines()
    {
        const int Piece = 1 << 16;
        for (long end = Length; end > 0; end -= Piece)
        {
            long start = Math.Max(0, end - Piece);
            int at = Read(start, end - start).AsSpan().LastIndexOf((byte)'\n');
            if (at >= 0) return start + at + 1;
        }

        return 0;
    }

    /// <summary>Lets go of the file, so that another one may take its name.</summary>
    public void Close()
    {
        Dispose();
        _file = null;
    }

    /// <summary>Takes a file that has come in its place.</summary>
    public void Reopen() => Length = File.Exists(path) ? new FileInfo(path).Length : 0;

    public void Dispose() => _file?.Dispose();

    private FileStream Open() => _file ??= new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
}
