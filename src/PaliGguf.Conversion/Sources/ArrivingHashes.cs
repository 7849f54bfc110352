using System.Security.Cryptography;

namespace PaliGguf.Conversion.Sources;

/// <summary>
/// What is hashed of a file while it arrives: all of it, which can be put aside at the ends of its tensors, and ranges of their own.
/// </summary>
internal sealed class ArrivingHashes
{
    private readonly Sha256State _whole;
    private readonly Queue<long> _ends;
    private readonly List<(long Begin, long End, IncrementalHash Hash)> _ranges;
    private readonly Dictionary<long, string> _states = [];
    private readonly Dictionary<long, string> _digests = [];
    private long _position;

    /// <param name="position">Where the bytes begin that it will be told of.</param>
    /// <param name="whole">The hash of all before.</param>
    /// <param name="ends">Where it may be put aside.</param>
    /// <param name="ranges">What is hashed by itself as well.</param>
    public ArrivingHashes(long position, Sha256State whole, IEnumerable<long> ends, IEnumerable<(long Begin, long End)> ranges)
    {
        (_position, _whole) = (position, whole);
        _ends = new Queue<long>(ends.Where(end => end > position).Distinct().Order());
        _ranges =
            [.. ranges.Where(range => range.Begin >= position).Select(range =>
                (range.Begin, range.End, IncrementalHash.CreateHash(HashAlgorithmName.SHA256)))];
    }

    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        foreach ((long begin, long end, IncrementalHash hash) in _ranges) AppendTo(hash, begin, end, bytes);
        while (!bytes.IsEmpty)
        {
            bool ends = _ends.TryPeek(out long end) && end <= _position + bytes.Length;
            ReadOnlySpan<byte> part = ends ? bytes[..(int)(end - _position)] : bytes;
            _whole.Append(part);
            _position += part.Length;
            bytes = bytes[part.Length..];
            if (ends) lock (_states) _states[_ends.Dequeue()] = _whole.Save();
        }
    }

    /// <summary>The hash of all bytes before an end that has passed, to go on with (<see cref="Sha256State"/>).</summary>
    public string StateAt(long end)
    {
        lock (_states) return _states[end];
    }

    /// <summary>The SHA-256 of a range that has passed; null where it began before this run.</summary>
    public string? DigestOf(long begin)
    {
        lock (_digests) return _digests.GetValueOrDefault(begin);
    }

    /// <summary>The SHA-256 of the whole file.</summary>
    public string Finish() => _whole.Finish();

    private void AppendTo(IncrementalHash hash, long begin, long end, ReadOnlySpan<byte> bytes)
    {
        long from = Math.Max(begin, _position);
        long to = Math.Min(end, _position + bytes.Length);
        if (from >= to) return;
        hash.AppendData(bytes[(int)(from - _position)..(int)(to - _position)]);
        if (to == end) lock (_digests) _digests[begin] = Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
