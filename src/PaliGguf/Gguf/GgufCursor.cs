using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PaliGguf.Gguf;

/// <summary>A position in a file that is being read. Every read is checked against the file's end, here and nowhere else.</summary>
internal ref struct GgufCursor(string path, MappedView view, long position = 0)
{
    private readonly MappedView _view = view;
    private string _part = "header";
    private long _index = -1;

    /// <summary>The offset of the next byte.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Bytes up to the file's end.</summary>
    public readonly long Remaining => _view.Length - Position;

    /// <summary>The file's length in bytes.</summary>
    public readonly long Length => _view.Length;

    /// <summary>Names what is read from now on, for messages.</summary>
    public void Enter(string part, long index)
    {
        _part = part;
        _index = index;
    }

    /// <summary>The file's first bytes, wherever the cursor is.</summary>
    public readonly ReadOnlySpan<byte> Head(int most) => _view.Slice(0, (int)Math.Min(_view.Length, most));

    /// <summary>Reads a little-endian number.</summary>
    public T Read<T>()
        where T : unmanaged => MemoryMarshal.Read<T>(Take(Unsafe.SizeOf<T>()));

    /// <summary>Reads a number of bytes.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        Require(count);
        ReadOnlySpan<byte> bytes = _view.Slice(Position, count);
        Position += count;
        return bytes;
    }

    /// <summary>Reads a string's length and its bytes.</summary>
    public ReadOnlySpan<byte> TakeString(int maxBytes, string what)
    {
        ulong length = Read<ulong>();
        if (length > (ulong)maxBytes) throw Fault($"{what} has {length} bytes; expected at most {maxBytes}.");
        return Take((int)length);
    }

    /// <summary>Passes over elements without reading them.</summary>
    /// <param name="count">The number of elements.</param>
    /// <param name="size">Bytes of each.</param>
    public void Skip(long count, int size)
    {
        if (count > Remaining / size) Require(long.MaxValue);
        Position += count * size;
    }

    /// <summary>An error that names the file and the part being read.</summary>
    public readonly ModelFormatException Fault(string problem) =>
        new(path, _index < 0 ? $"{_part}: {problem}" : $"{_part} {_index}: {problem}");

    private readonly void Require(long bytes)
    {
        if (bytes > Remaining) throw Fault($"the file ends at byte {_view.Length}, in the middle of it; it is truncated or damaged.");
    }
}
