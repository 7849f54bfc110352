using System.Text;

namespace PaliGguf.Conversion.Tests;

/// <summary>A GGUF file read without the code under test, as a whole.</summary>
internal sealed class RawGguf
{
    public Dictionary<string, object> Metadata { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, (GgmlType Type, long[] Shape, byte[] Data)> Tensors { get; } = new(StringComparer.Ordinal);

    public static RawGguf Read(string path)
    {
        RawGguf file = new();
        using BinaryReader reader = new(new MemoryStream(File.ReadAllBytes(path)));
        Assert.Equal("GGUF"u8, reader.ReadBytes(4));
        Assert.Equal(3, reader.ReadInt32());
        long tensors = reader.ReadInt64();
        long keys = reader.ReadInt64();
        for (long i = 0; i < keys; i++) file.Metadata.Add(Text(reader), Value(reader, reader.ReadInt32()));
        List<(string Name, long[] Shape, GgmlType Type, long Offset)> directory = [];
        for (long i = 0; i < tensors; i++)
        {
            string name = Text(reader);
            long[] shape = Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt64()).ToArray();
            directory.Add((name, shape, (GgmlType)reader.ReadInt32(), reader.ReadInt64()));
        }

        long data = (reader.BaseStream.Position + 31) / 32 * 32;
        foreach ((string name, long[] shape, GgmlType type, long offset) in directory)
        {
            Assert.Equal(0, offset % 32);
            reader.BaseStream.Position = data + offset;
            int bytes = ByteCount(type, shape.Aggregate(1L, (product, size) => product * size));
            file.Tensors.Add(name, (type, shape, reader.ReadBytes(bytes)));
            Assert.Equal(bytes, file.Tensors[name].Data.Length);
        }

        return file;
    }

    private static int ByteCount(GgmlType type, long count) => (int)(type switch
    {
        GgmlType.F32 => count * 4,
        GgmlType.F16 or GgmlType.BF16 => count * 2,
        GgmlType.Q8_0 => count / 32 * 34,
        _ => throw new InvalidDataException($"{type}"),
    });

    private static object Value(BinaryReader reader, int type) => type switch
    {
        4 => reader.ReadUInt32(),
        5 => reader.ReadInt32(),
        6 => reader.ReadSingle(),
        7 => reader.ReadBoolean(),
        8 => Text(reader),
        9 => Array(reader, reader.ReadInt32()),
        _ => throw new InvalidDataException($"value type {type}"),
    };

    private static object[] Array(BinaryReader reader, int type)
    {
        long count = reader.ReadInt64();
        List<object> values = [];
        for (long i = 0; i < count; i++) values.Add(Value(reader, type));
        return [.. values];
    }

    private static string Text(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadInt64()));
}
