using System.Text.Json;

namespace PaliGguf.Conversion.Sources;

/// <summary>One entry of a safetensors header: offsets are relative to the data section.</summary>
internal sealed record SafetensorsEntry(string Name, ElementType Type, IReadOnlyList<long> Shape, long Begin, long End);

/// <summary>Reads and checks the JSON header of a safetensors file.</summary>
internal static class SafetensorsHeader
{
    private const int MostDimensions = 8;

    /// <summary>Reads all entries, in the order of their data, which they cover without gap or overlap.</summary>
    /// <param name="json">The header, trailing blanks included.</param>
    /// <param name="dataLength">Bytes of the file after the header.</param>
    /// <param name="path">The file, for messages.</param>
    public static IReadOnlyList<SafetensorsEntry> Parse(ReadOnlySpan<byte> json, long dataLength, string path)
    {
        List<SafetensorsEntry> entries;
        try
        {
            entries = ReadEntries(json, path);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException(path, "the safetensors header is not valid JSON", e);
        }

        entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        CheckLayout(entries, dataLength, path);
        return entries;
    }

    private static List<SafetensorsEntry> ReadEntries(ReadOnlySpan<byte> json, string path)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 8 });
        List<SafetensorsEntry> entries = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name)) throw new ModelFormatException(path, $"the name {OneLine.Show(name)} appears twice in the header");
            if (name == "__metadata__")
            {
                reader.Skip();
                continue;
            }

            entries.Add(ReadEntry(ref reader, name, path));
        }

        // Reading on makes the reader refuse whatever follows the object.
        if (reader.Read()) throw new JsonException();
        return entries;
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name, string path)
    {
        string? dtype = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            bool first;
            switch (reader.GetString())
            {
                case "dtype":
                    first = dtype is null;
                    Expect(ref reader, JsonTokenType.String);
                    dtype = reader.GetString();
                    break;
                case "shape":
                    first = shape is null;
                    shape = ReadSizes(ref reader, name, "shape", path);
                    break;
                case "data_offsets":
                    first = offsets is null;
                    offsets = ReadSizes(ref reader, name, "data_offsets", path);
                    break;
                case string other:
                    throw Bad(path, name, $"has the unknown field {OneLine.Show(other)}");
                default:
                    throw new JsonException();
            }

            if (!first) throw Bad(path, name, "has a field twice");
        }

        if (dtype is null || shape is null || offsets is null) throw Bad(path, name, "lacks dtype, shape or data_offsets");
        if (!ElementTypes.TryParse(dtype, out ElementType type)) throw Bad(path, name, $"has the unknown dtype {OneLine.Show(dtype)}");
        if (offsets.Count != 2 || offsets[0] > offsets[1]) throw Bad(path, name, $"has data_offsets {OneLine.Show(offsets)}, expected [begin, end]");
        CheckSize(name, type, shape, offsets[1] - offsets[0], path);
        return new SafetensorsEntry(name, type, shape, offsets[0], offsets[1]);
    }

    private static List<long> ReadSizes(ref Utf8JsonReader reader, string name, string field, string path)
    {
        List<long> sizes = [];
        Expect(ref reader, JsonTokenType.StartArray);
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long size) || size < 0)
            {
                throw Bad(path, name, $"has a {field} that is not made of whole numbers from 0 to {long.MaxValue}");
            }

            if (sizes.Count == MostDimensions) throw Bad(path, name, $"has more than {MostDimensions} numbers in {field}");
            sizes.Add(size);
        }

        return sizes;
    }

    private static void CheckSize(string name, ElementType type, List<long> shape, long bytes, string path)
    {
        Int128 needed = type.Size();
        foreach (long size in shape)
        {
            needed *= size;
            if (needed > long.MaxValue) throw Bad(path, name, $"has the shape {OneLine.Show(shape)}, which is larger than any file");
        }

        if (needed != bytes) throw Bad(path, name, $"has {bytes} bytes of data, but {OneLine.Show(shape)} of {type} takes {needed}");
    }

    private static void CheckLayout(List<SafetensorsEntry> entries, long dataLength, string path)
    {
        long end = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.End > dataLength)
            {
                throw Bad(path, entry.Name, $"ends at byte {entry.End} of the data, but the file holds only {dataLength}: is it truncated?");
            }

            if (entry.Begin < end) throw Bad(path, entry.Name, $"begins at byte {entry.Begin} of the data, inside another tensor that ends at {end}");
            if (entry.Begin > end) throw Bad(path, entry.Name, $"begins at byte {entry.Begin} of the data, but the tensor before it ends at {end}");
            end = entry.End;
        }

        if (end != dataLength) throw new ModelFormatException(path, $"the tensors end at byte {end} of the data, but the file holds {dataLength}");
    }

    private static ModelFormatException Bad(string path, string name, string problem) => new(path, $"tensor {OneLine.Show(name)} {problem}");

    private static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw new JsonException();

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (Next(ref reader) != type) throw new JsonException();
    }
}
