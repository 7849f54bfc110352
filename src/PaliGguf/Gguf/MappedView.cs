using System.Runtime.InteropServices;

namespace PaliGguf.Gguf;

/// <summary>Mapped memory that is held until this is disposed.</summary>
internal readonly unsafe ref struct MappedView : IDisposable
{
    private readonly SafeBuffer _buffer;
    private readonly byte* _start;

    public MappedView(SafeBuffer buffer, long length)
    {
        buffer.AcquirePointer(ref _start);
        _buffer = buffer;
        Length = length;
    }

    public long Length { get; }

    /// <summary>The bytes from <paramref name="offset"/>; all accesses to mapped memory but those of streams go through here.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not all inside the file.</exception>
    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    public void Dispose() => _buffer.ReleasePointer();
}
