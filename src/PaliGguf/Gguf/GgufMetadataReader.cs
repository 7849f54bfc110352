namespace PaliGguf.Gguf;

/// <summary>Reads the metadata entries of a file: checks every value, keeps the numbers, and remembers where strings and arrays lie.</summary>
internal static class GgufMetadataReader
{
    private const string Part = "metadata entry";

    public static GgufMetadata Read(ref GgufCursor cursor, MappedFile file, int count)
    {
        List<GgufMetadataEntry> entries = new(count);
        HashSet<string> keys = new(count, StringComparer.Ordinal);
        long keyBytes = 0;
        for (int index = 0; index < count; index++)
        {
            cursor.Enter(Part, index);
            ReadOnlySpan<byte> bytes = cursor.TakeString(GgufLimits.KeyBytes, "the key");
            keyBytes += bytes.Length;
            if (keyBytes > GgufLimits.AllNameBytes) throw cursor.Fault($"the keys up to here have {keyBytes} bytes; at most {GgufLimits.AllNameBytes} are supported.");
            if (GgufName.Decode(bytes, out string key) is { } problem) throw cursor.Fault($"the key {GgufName.Quote(key)} {problem}.");
            if (!keys.Add(key)) throw cursor.Fault($"the key {GgufName.Quote(key)} is there twice.");
            entries.Add(ReadValue(ref cursor, file, key));
        }

        return new GgufMetadata(file.Path, entries);
    }

    /// <summary>The file's alignment.</summary>
    public static uint Alignment(string path, GgufMetadata metadata)
    {
        if (!metadata.TryGetEntry(GgufFile.AlignmentKey, out GgufMetadataEntry? entry)) return GgufLimits.DefaultAlignment;
        if (entry.Type != GgufValueType.UInt32) throw new ModelFormatException(path, $"{GgufFile.AlignmentKey} is of type {entry.Description}; expected uint32.");
        uint alignment = metadata.GetUInt32(GgufFile.AlignmentKey);
        return GgufLimits.IsAlignment(alignment)
            ? alignment
            : throw new ModelFormatException(
                path, $"{GgufFile.AlignmentKey} is {alignment}; expected a power of two from {GgufLimits.SmallestAlignment} to {GgufLimits.LargestAlignment}.");
    }

    private static GgufMetadataEntry ReadValue(ref GgufCursor cursor, MappedFile file, string key)
    {
        long start = cursor.Position;
        GgufValueType type = (GgufValueType)cursor.Read<uint>();
        GgufValueType? elementType = null;
        int count = 1;
        object? number = null;
        switch (type)
        {
            case GgufValueType.String:
                PassStrings(ref cursor, 1, key);
                break;
            case GgufValueType.Array:
                elementType = (GgufValueType)cursor.Read<uint>();
                count = PassArray(ref cursor, elementType.Value, key);
                break;
            default:
                number = ReadNumber(ref cursor, type, key);
                break;
        }

        return new GgufMetadataEntry(file, key, type, elementType, count, start, cursor.Position, number);
    }

    private static object ReadNumber(ref GgufCursor cursor, GgufValueType type, string key) => type switch
    {
        GgufValueType.UInt8 => cursor.Read<byte>(),
        GgufValueType.Int8 => cursor.Read<sbyte>(),
        GgufValueType.UInt16 => cursor.Read<ushort>(),
        GgufValueType.Int16 => cursor.Read<short>(),
        GgufValueType.UInt32 => cursor.Read<uint>(),
        GgufValueType.Int32 => cursor.Read<int>(),
        GgufValueType.UInt64 => cursor.Read<ulong>(),
        GgufValueType.Int64 => cursor.Read<long>(),
        GgufValueType.Float32 => cursor.Read<float>(),
        GgufValueType.Float64 => cursor.Read<double>(),
        GgufValueType.Boolean => ReadBooleans(ref cursor, 1, key)[0] == 1,
        _ => throw cursor.Fault($"the value of {GgufName.Quote(key)} has the unknown {type.Describe()}."),
    };

    private static int PassArray(ref GgufCursor cursor, GgufValueType elementType, string key)
    {
        ulong length = cursor.Read<ulong>();
        if (length > GgufLimits.ArrayLength)
        {
            throw cursor.Fault($"the array {GgufName.Quote(key)} claims {length} elements; at most {GgufLimits.ArrayLength} are supported.");
        }

        int count = (int)length;
        switch (elementType)
        {
            case GgufValueType.String:
                PassStrings(ref cursor, count, key);
                break;
            case GgufValueType.Boolean:
                ReadBooleans(ref cursor, count, key);
                break;
            case GgufValueType.Array:
                throw cursor.Fault($"the array {GgufName.Quote(key)} has arrays for elements, which is not supported.");
            default:
                int size = elementType.FixedSize();
                if (size == 0) throw cursor.Fault($"the elements of the array {GgufName.Quote(key)} have the unknown {elementType.Describe()}.");
                cursor.Skip(count, size);
                break;
        }

        return count;
    }

    private static void PassStrings(ref GgufCursor cursor, int count, string key)
    {
        for (int i = 0; i < count; i++)
        {
            ulong length = cursor.Read<ulong>();
            if (length > GgufLimits.StringBytes)
            {
                throw cursor.Fault($"a string of {GgufName.Quote(key)} claims {length} bytes; at most {GgufLimits.StringBytes} are supported.");
            }

            cursor.Skip((long)length, 1);
        }
    }

    private static ReadOnlySpan<byte> ReadBooleans(ref GgufCursor cursor, int count, string key)
    {
        ReadOnlySpan<byte> values = cursor.Take(count);
        int wrong = values.IndexOfAnyExceptInRange((byte)0, (byte)1);
        return wrong < 0 ? values : throw cursor.Fault($"the bool {GgufName.Quote(key)} is {values[wrong]}; expected 0 or 1.");
    }
}
