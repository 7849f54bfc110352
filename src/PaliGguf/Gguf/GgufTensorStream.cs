namespace PaliGguf.Gguf;

/// <summary>What a tensor's callback writes to: takes exactly the tensor's bytes.</summary>
/// <param name="write">Takes them on, in their order.</param>
/// <param name="name">The tensor.</param>
/// <param name="length">How many they are.</param>
internal sealed class GgufTensorStream(Action<ReadOnlySpan<byte>> write, string name, long length) : Stream
{
    private long _written;
    private bool _closed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !_closed;

    public override long Length => length;

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    /// <summary>Appends to the tensor.</summary>
    /// <exception cref="InvalidOperationException">These are more bytes than the tensor has.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (buffer.Length > length - _written)
            throw new InvalidOperationException($"The tensor {name} has {length} bytes, but its writer wrote more.");
        write(buffer);
        _written += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void WriteByte(byte value) => Write([value]);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Checks that all bytes were written.</summary>
    /// <exception cref="InvalidOperationException">Some are missing.</exception>
    public void RequireAll()
    {
        if (_written != length)
            throw new InvalidOperationException($"The tensor {name} has {length} bytes, but its writer wrote only {_written}.");
    }

    protected override void Dispose(bool disposing)
    {
        _closed = true;
        base.Dispose(disposing);
    }
}
