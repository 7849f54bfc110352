namespace PaliGguf.Evaluation.Datasets;

/// <summary>The part of a file that is being read, which grows as far as one item needs it.</summary>
internal sealed class FileWindow(string path, Stream stream)
{
    private const int FirstLength = 1 << 16;

    private byte[] _buffer = new byte[FirstLength];
    private int _start;
    private int _end;
    private bool _begun;

    /// <summary>The line of the first byte, from 1 on.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Whether the file ends with these bytes.</summary>
    public bool IsLast { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(_start, _end - _start);

    /// <summary>The next line that has an end, without it; null where the file ends before.</summary>
    public ReadOnlyMemory<byte>? NextLine()
    {
        int length;
        while ((length = Bytes.Span.IndexOf((byte)'\n')) < 0)
        {
            if (IsLast) return null;
            Extend();
        }

        return Bytes[..length];
    }

    /// <summary>Goes past some bytes.</summary>
    public void Skip(int length)
    {
        Line += LineBreaks(length);
        _start += length;
    }

    /// <summary>The line of a byte.</summary>
    public long LineOf(int offset) => Line + LineBreaks(offset);

    /// <summary>Reads more bytes behind those that are there.</summary>
    /// <exception cref="PaliException">There are as many as an item may have.</exception>
    public void Extend()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_end >= DatasetFile.LargestItem)
            {
                int item = _buffer.AsSpan(_start, _end - _start).IndexOfAnyExcept(" \t\r\n,"u8);
                throw new PaliException(
                    $"{path}, line {LineOf(Math.Max(0, item))}: one item has more than {DatasetFile.LargestItem >> 20} MiB.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = stream.Read(_buffer.AsSpan(_end));
        if (!_begun && _buffer.AsSpan(0, read).StartsWith("\uFEFF"u8)) _start = "\uFEFF"u8.Length;
        _begun = true;
        IsLast = read == 0;
        _end += read;
    }

    private int LineBreaks(int length) => _buffer.AsSpan(_start, length).Count((byte)'\n');
}
