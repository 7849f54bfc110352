namespace PaliGguf.Gguf;

/// <summary>
/// Composes a GGUF file (version 3, little-endian) and writes it. Keys and tensors are written in the order in which they were added;
/// what a
/// reader would refuse is refused when it is added. Not safe for concurrent use.
/// </summary>
public sealed class GgufWriter
{
    private static readonly byte[] AlignmentKey = "general.alignment"u8.ToArray();

    private readonly uint _alignment;
    private readonly List<GgufEncodedEntry> _entries = [];
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly List<GgufPlannedTensor> _tensors = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private long _keyBytes;

    /// <summary>Begins a file.</summary>
    /// <param name="alignment">Tensor data begins at multiples of this many bytes: a power of two from 8 to 2^20.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public GgufWriter(uint alignment = GgufLimits.DefaultAlignment)
    {
        if (!GgufLimits.IsAlignment(alignment))
        {
            throw new ArgumentOutOfRangeException(
                nameof(alignment), alignment,
                    $"A power of two from {GgufLimits.SmallestAlignment} to {GgufLimits.LargestAlignment} is expected.");
        }

        _alignment = alignment;
        if (alignment != GgufLimits.DefaultAlignment) _entries.Add(new GgufEncodedEntry(AlignmentKey, GgufValueEncoder.Number(alignment)));
    }

    /// <summary>Adds a key with a string.</summary>
    /// <param name="key">1 to 65535 bytes of UTF-8 without control characters, not added before, not <c>general.alignment</c>.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The key is not as described, or the value holds lone surrogates.</exception>
    public void Set(string key, string value) => Add(key, GgufValueEncoder.Text(value));

    /// <inheritdoc cref="Set(string, string)"/>
    /// <summary>Adds a key with a number or truth value.</summary>
    public void Set(string key, uint value) => SetNumber(key, value);

    /// <inheritdoc cref="Set(string, uint)"/>
    public void Set(string key, int value) => SetNumber(key, value);

    /// <inheritdoc cref="Set(string, uint)"/>
    public void Set(string key, ulong value) => SetNumber(key, value);

    /// <inheritdoc cref="Set(string, uint)"/>
    public void Set(string key, long value) => SetNumber(key, value);

    /// <inheritdoc cref="Set(string, uint)"/>
    public void Set(string key, float value) => SetNumber(key, value);

    /// <inheritdoc cref="Set(string, uint)"/>
    public void Set(string key, double value) => SetNumber(key, value);

    /// <inheritdoc cref="Set(string, uint)"/>
    public void Set(string key, bool value) => SetNumber(key, value);

    /// <inheritdoc cref="Set(string, uint)"/>
    public void Set(string key, byte value) => SetNumber(key, value);

    /// <inheritdoc cref="Set(string, uint)"/>
    public void Set(string key, sbyte value) => SetNumber(key, value);

    /// <inheritdoc cref="Set(string, uint)"/>
    public void Set(string key, ushort value) => SetNumber(key, value);

    /// <inheritdoc cref="Set(string, uint)"/>
    public void Set(string key, short value) => SetNumber(key, value);

    /// <summary>Adds a key with an array of numbers or truth values.</summary>
    /// <typeparam name="T">An integer of 8 to 64 bits, <see cref="float"/>, <see cref="double"/> or <see cref="bool"/>.</typeparam>
    /// <param name="key">As for <see cref="Set(string, string)"/>.</param>
    /// <param name="values">The elements, which are copied; at most 2^27.</param>
    /// <exception cref="ArgumentException">The key is not as described, or there are too many elements.</exception>
    /// <exception cref="NotSupportedException">The format has no such element type.</exception>
    public void SetArray<T>(string key, ReadOnlySpan<T> values)
        where T : unmanaged => Add(key, GgufValueEncoder.Array(values));

    /// <summary>Adds a key with an array of strings.</summary>
    /// <param name="key">As for <see cref="Set(string, string)"/>.</param>
    /// <param name="values">The elements, which are copied; at most 2^27.</param>
    /// <exception cref="ArgumentException">The key is not as described, there are too many elements, or one has lone
    /// surrogates.</exception>
    public void SetArray(string key, IReadOnlyList<string> values) => Add(key, GgufValueEncoder.Texts(values));

    /// <summary>
    /// Adds a key of another file with its value, byte for byte, even where strings are not UTF-8. Passes over <c>general.alignment</c>,
    /// which follows from this writer's own alignment.
    /// </summary>
    /// <param name="entry">An entry of an open file.</param>
    /// <exception cref="ArgumentException">The key was added before.</exception>
    /// <exception cref="ObjectDisposedException">The entry's file was disposed.</exception>
    public void Copy(GgufMetadataEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!string.Equals(entry.Key, GgufFile.AlignmentKey, StringComparison.Ordinal)) Add(entry.Key, entry.CopyEncoded());
    }

    /// <summary>Adds a tensor, whose data is asked for when the file is written.</summary>
    /// <param name="name">1 to 63 bytes of UTF-8 without control characters, not added before.</param>
    /// <param name="type">How the elements are stored.</param>
    /// <param name="shape">1 to 4 dimensions in GGUF order (row length first), each at least 1, the first a multiple of the type's block
    /// size.</param>
    /// <param name="write">Writes exactly the bytes that <paramref name="type"/> and <paramref name="shape"/> take.</param>
    /// <exception cref="ArgumentException">The name, type or shape is not as described.</exception>
    public void AddTensor(string name, GgmlType type, ReadOnlySpan<long> shape, Action<Stream, CancellationToken> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        byte[] bytes = GgufName.Encode(name, GgufLimits.TensorNameBytes, nameof(name));
        long length = MeasureTensor(name, type, shape);
        if (_tensors.Count == GgufLimits.Tensors)
            throw new ArgumentException($"A file has at most {GgufLimits.Tensors} tensors.", nameof(name));
        if (!_names.Add(name)) throw new ArgumentException($"The tensor {name} was added before.", nameof(name));
        _tensors.Add(new GgufPlannedTensor(name, bytes, type, [.. shape], length, write));
    }

    /// <summary>
    /// Writes the file under a temporary name in its own folder, flushes it to the disk, and then gives it its name, replacing an older
    /// file. If anything fails, or the process is killed, what had that name before is untouched.
    /// </summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="bytesWritten">Told now and then, and at the end, how many bytes of the file have been written.</param>
    /// <param name="cancellationToken">Ends the work and removes the temporary file.</param>
    /// <exception cref="PaliException">The file can not be created or written.</exception>
    /// <exception cref="InvalidOperationException">A tensor's callback wrote more or fewer bytes than its tensor has.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Write(string path, IProgress<long>? bytesWritten = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Layout().Write(path, bytesWritten, cancellationToken);
    }

    /// <summary>Where everything will lie, for those who write the tensors in another order.</summary>
    internal GgufLayout Layout() => new(_alignment, _entries, _tensors);

    private static long MeasureTensor(string name, GgmlType type, ReadOnlySpan<long> shape)
    {
        try
        {
            return type.TensorByteLength(shape);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new ArgumentException($"{name} can not be [{string.Join(", ", shape.ToArray())}] of {type.Name}: {e.Message}",
                nameof(shape), e);
        }
    }

    private void SetNumber<T>(string key, T value)
        where T : unmanaged => Add(key, GgufValueEncoder.Number(value));

    private void Add(string key, byte[] value)
    {
        byte[] bytes = GgufName.Encode(key, GgufLimits.KeyBytes, nameof(key));
        if (string.Equals(key, GgufFile.AlignmentKey, StringComparison.Ordinal))
            throw new ArgumentException($"{key} is set by the writer itself.", nameof(key));
        if (_entries.Count == GgufLimits.Entries || _keyBytes + bytes.Length > GgufLimits.AllNameBytes)
        {
            throw new ArgumentException($"A file has at most {GgufLimits.Entries} keys, of {GgufLimits.AllNameBytes} bytes together.",
                nameof(key));
        }

        if (!_keys.Add(key)) throw new ArgumentException($"The key {GgufName.Quote(key)} was added before.", nameof(key));
        _keyBytes += bytes.Length;
        _entries.Add(new GgufEncodedEntry(bytes, value));
    }
}
