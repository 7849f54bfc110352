namespace PaliGguf.Imaging;

/// <summary>The encoded bytes of a stream of unknown length, gathered up to a limit.</summary>
internal sealed class EncodedBuffer
{
    private const int FirstCapacity = 1 << 16;

    private readonly ImageLimits _limits;
    private readonly string _name;
    private byte[] _bytes;
    private int _length;

    private EncodedBuffer(Stream stream, ImageLimits limits, string name)
    {
        (_limits, _name) = (limits, name);
        long expected = stream.CanSeek ? Math.Max(stream.Length - stream.Position, 0) : 0;
        limits.CheckBytes(name, expected);

        // One more than expected, so that the end is found without growing.
        _bytes = new byte[expected == 0 ? FirstCapacity : (int)Math.Min(expected + 1, Array.MaxLength)];
    }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Gathers all that a stream still has.</summary>
    /// <exception cref="ImageLimitException">There is more than the limit.</exception>
    public static EncodedBuffer ReadToEnd(Stream stream, ImageLimits limits, string name, CancellationToken cancellationToken)
    {
        EncodedBuffer buffer = new(stream, limits, name);
        do cancellationToken.ThrowIfCancellationRequested();
        while (buffer.Advance(stream.Read(buffer.Free().Span)));
        return buffer;
    }

    /// <summary>Gathers all that a stream still has.</summary>
    /// <exception cref="ImageLimitException">There is more than the limit.</exception>
    public static async Task<EncodedBuffer> ReadToEndAsync(Stream stream, ImageLimits limits, string name, CancellationToken cancellationToken)
    {
        EncodedBuffer buffer = new(stream, limits, name);
        while (buffer.Advance(await stream.ReadAsync(buffer.Free(), cancellationToken).ConfigureAwait(false)))
        {
        }

        return buffer;
    }

    private Memory<byte> Free()
    {
        if (_length == _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(2L * _length, Array.MaxLength));
        return _bytes.AsMemory(_length);
    }

    private bool Advance(int read)
    {
        _length += read;
        _limits.CheckBytes(_name, _length);
        return read > 0;
    }
}
