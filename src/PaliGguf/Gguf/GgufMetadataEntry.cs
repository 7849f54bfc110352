using System.Text;

namespace PaliGguf.Gguf;

/// <summary>
/// One key of a file and its value. Numbers are kept; strings and arrays are read from the mapped file when they are asked for, and kept
/// only as long as somebody uses them, so that an open model does not hold a vocabulary that nobody looks at.
/// </summary>
public sealed class GgufMetadataEntry
{
    private const int TypeBytes = 4;
    private const int ArrayHeaderBytes = TypeBytes + 4 + 8;

    private readonly MappedFile _file;
    private readonly object? _number;
    private readonly long _offset;
    private readonly long _length;
    private WeakReference<object>? _decoded;

    internal GgufMetadataEntry(MappedFile file, string key, GgufValueType type, GgufValueType? elementType, int count, long offset, long end, object? number)
    {
        _file = file;
        Key = key;
        Type = type;
        ElementType = elementType;
        Count = count;
        _offset = offset;
        _length = end - offset;
        _number = number;
    }

    /// <summary>The key; unique in its file, compared by its exact characters.</summary>
    public string Key { get; }

    /// <summary>The type of the value.</summary>
    public GgufValueType Type { get; }

    /// <summary>The type of an array's elements; null unless <see cref="Type"/> is <see cref="GgufValueType.Array"/>.</summary>
    public GgufValueType? ElementType { get; }

    /// <summary>The number of an array's elements; 1 for all other types.</summary>
    public int Count { get; }

    /// <summary>
    /// The value: a boxed number or <see cref="bool"/>, a <see cref="string"/>, or a read-only list of one of these. In strings, bytes that
    /// are not UTF-8 read as U+FFFD.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The file was disposed; numbers can still be read.</exception>
    public object Value => _number ?? (ElementType is { } type ? AsReadOnly(Decoded, type) : Decoded);

    internal object Decoded
    {
        get
        {
            if (_decoded is { } cached && cached.TryGetTarget(out object? value)) return value;
            value = Decode();
            _decoded = new WeakReference<object>(value);
            return value;
        }
    }

    /// <summary>The type in messages: "uint32", "array of string".</summary>
    internal string Description => ElementType is { } type ? $"array of {type.Describe()}" : Type.Describe();

    /// <summary>The value if it is a whole number of any width.</summary>
    internal Int128? Integer => _number switch
    {
        byte value => value,
        sbyte value => value,
        ushort value => value,
        short value => value,
        uint value => value,
        int value => value,
        ulong value => value,
        long value => value,
        _ => null,
    };

    /// <summary>The type and the value exactly as the file has them.</summary>
    internal byte[] CopyEncoded()
    {
        if (_length > Array.MaxLength) throw new NotSupportedException($"The value of {Key} has {_length} bytes, more than can be copied.");
        using MappedView view = _file.Acquire();
        return view.Slice(_offset, (int)_length).ToArray();
    }

    /// <summary>The strings of an array of them, one after the other.</summary>
    internal (byte[] Bytes, int[] Starts) CopyStrings()
    {
        using MappedView view = _file.Acquire();
        GgufCursor cursor = new(_file.Path, view, _offset + ArrayHeaderBytes);
        cursor.Enter("value of " + GgufName.Quote(Key), -1);
        long length = _length - ArrayHeaderBytes - ((long)sizeof(ulong) * Count);
        if (length > Array.MaxLength) throw cursor.Fault($"its strings have {length} bytes together; at most {Array.MaxLength} are supported.");
        byte[] bytes = new byte[length];
        int[] starts = new int[Count + 1];
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<byte> text = cursor.TakeString(bytes.Length - starts[i], "a string");
            text.CopyTo(bytes.AsSpan(starts[i]));
            starts[i + 1] = starts[i] + text.Length;
        }

        return (bytes, starts);
    }

    private object Decode()
    {
        using MappedView view = _file.Acquire();
        GgufCursor cursor = new(_file.Path, view, _offset + (ElementType is null ? TypeBytes : ArrayHeaderBytes));
        cursor.Enter("value of " + GgufName.Quote(Key), -1);
        return ElementType switch
        {
            null => Text(ref cursor),
            GgufValueType.String => Texts(ref cursor),
            GgufValueType.UInt8 => Numbers<byte>(ref cursor),
            GgufValueType.Int8 => Numbers<sbyte>(ref cursor),
            GgufValueType.UInt16 => Numbers<ushort>(ref cursor),
            GgufValueType.Int16 => Numbers<short>(ref cursor),
            GgufValueType.UInt32 => Numbers<uint>(ref cursor),
            GgufValueType.Int32 => Numbers<int>(ref cursor),
            GgufValueType.UInt64 => Numbers<ulong>(ref cursor),
            GgufValueType.Int64 => Numbers<long>(ref cursor),
            GgufValueType.Float32 => Numbers<float>(ref cursor),
            GgufValueType.Float64 => Numbers<double>(ref cursor),
            _ => Numbers<bool>(ref cursor),
        };
    }

    private static string Text(ref GgufCursor cursor) => Encoding.UTF8.GetString(cursor.TakeString(GgufLimits.StringBytes, "a string"));

    private string[] Texts(ref GgufCursor cursor)
    {
        string[] texts = new string[Count];
        for (int i = 0; i < texts.Length; i++) texts[i] = Text(ref cursor);
        return texts;
    }

    private T[] Numbers<T>(ref GgufCursor cursor)
        where T : unmanaged
    {
        T[] numbers = new T[Count];
        Span<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan());
        cursor.Take(bytes.Length).CopyTo(bytes);
        return numbers;
    }

    // By the stored type, because to the runtime an array of int is also one of uint.
    private static object AsReadOnly(object array, GgufValueType type) => type switch
    {
        GgufValueType.String => Array.AsReadOnly((string[])array),
        GgufValueType.UInt8 => Array.AsReadOnly((byte[])array),
        GgufValueType.Int8 => Array.AsReadOnly((sbyte[])array),
        GgufValueType.UInt16 => Array.AsReadOnly((ushort[])array),
        GgufValueType.Int16 => Array.AsReadOnly((short[])array),
        GgufValueType.UInt32 => Array.AsReadOnly((uint[])array),
        GgufValueType.Int32 => Array.AsReadOnly((int[])array),
        GgufValueType.UInt64 => Array.AsReadOnly((ulong[])array),
        GgufValueType.Int64 => Array.AsReadOnly((long[])array),
        GgufValueType.Float32 => Array.AsReadOnly((float[])array),
        GgufValueType.Float64 => Array.AsReadOnly((double[])array),
        _ => Array.AsReadOnly((bool[])array),
    };
}
