namespace PaliGguf.Evaluation.Datasets;

/// <summary>
/// Reads lines of a stream that may hold anything: one that is too long is told, and passed over if another is asked for. Memory for
/// one line at a time.
/// </summary>
/// <param name="stream">The stream.</param>
/// <param name="longest">The most bytes of a line.</param>
internal sealed class BoundedLines(Stream stream, int longest = BoundedLines.Longest)
{
    /// <summary>The most bytes of a line that somebody has written by hand or by a program of few lines.</summary>
    public const int Longest = 1 << 20;

    private const int FirstLength = 1 << 16;

    private byte[] _buffer = new byte[Math.Min(FirstLength, longest + 1)];
    private int _start;
    private int _end;

    /// <summary>The line that was read last, from 1 on.</summary>
    public long Number { get; private set; }

    /// <summary>Whether that line was too long.</summary>
    public bool TooLong { get; private set; }

    /// <summary>It without its end; valid until the next one is read. Of one that is too long only the beginning.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Reads the next line.</summary>
    /// <returns>False at the end.</returns>
    public bool Read()
    {
        if (TooLong) PassOver();
        (int length, bool ended) = Find();
        if (length == 0 && !ended) return false;
        Number++;
        int first = Number == 1 && _buffer.AsSpan(_start, length).StartsWith("\uFEFF"u8) ? 3 : 0;
        TooLong = length > longest;
        Line = _buffer.AsMemory(_start + first, Math.Min(length, longest) - first);
        _start += length;
        if (ended) _start++;
        if (!TooLong && Line.Span is [.., (byte)'\r']) Line = Line[..^1];
        return true;
    }

    /// <summary>The length of the next line as far as it is in the buffer, and whether its end is.</summary>
    private (int Length, bool Ended) Find()
    {
        int seen = 0;
        while (true)
        {
            int at = _buffer.AsSpan(_start + seen, _end - _start - seen).IndexOf((byte)'\n');
            if (at >= 0) return (seen + at, true);
            seen = _end - _start;
            if (seen > longest || !Fill()) return (seen, false);
        }
    }

    private void PassOver()
    {
        int at;
        while ((at = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0)
        {
            _start = _end;
            if (!Fill()) return;
        }

        _start += at + 1;
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, (int)Math.Min(2L * _end, longest + 1L));
        int read = stream.Read(_buffer.AsSpan(_end));
        _end += read;
        return read > 0;
    }
}
