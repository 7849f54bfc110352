using System.Buffers.Binary;
using System.Text;
using PaliGguf.Gguf;

namespace PaliGguf.Tests;

/// <summary>
/// A copy of a GGUF file whose directory gives every tensor all four dimensions, so that any of them can be overwritten where it lies, by
/// whatever number: the reader of the product has no say in it.
/// </summary>
internal sealed class TensorDirectory : IDisposable
{
    private const int Dimensions = 4;
    private readonly Dictionary<string, (long Position, byte[] Entry)> _entries = new(StringComparer.Ordinal);
    private readonly FileStream _file;

    private TensorDirectory(FileStream file) => _file = file;

    public string Path => _file.Name;

    public static TensorDirectory Write(string source, string path)
    {
        using GgufFile original = GgufFile.Open(source);
        byte[] bytes = File.ReadAllBytes(source);
        TensorDirectory directory = new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite));
        long dataStart = original.Tensors.Min(tensor => tensor.Offset);
        directory._file.Write(bytes.AsSpan(0, DirectoryStart(bytes, original.Tensors[0].Name)));
        foreach (GgufTensor tensor in original.Tensors)
        {
            byte[] name = Encoding.UTF8.GetBytes(tensor.Name);
            Write(directory._file, name.Length);
            directory._file.Write(name);
            byte[] entry = Entry(tensor, tensor.Offset - dataStart);
            directory._entries.Add(tensor.Name, (directory._file.Position, entry));
            directory._file.Write(entry);
        }

        directory._file.SetLength(GgufLimits.Align(directory._file.Position, original.Alignment));
        directory._file.Position = directory._file.Length;
        directory._file.Write(bytes.AsSpan((int)dataStart));
        directory._file.Flush();
        return directory;
    }

    public void SetDimension(string tensor, int axis, long size) => Overwrite(tensor, 4 + (8 * axis), size);

    public void SetDimensionCount(string tensor, int count) => Overwrite(tensor, 0, count, bytes: 4);

    public void SetType(string tensor, int type) => Overwrite(tensor, 4 + (8 * Dimensions), type, bytes: 4);

    public void SetOffset(string tensor, long offset) => Overwrite(tensor, 4 + (8 * Dimensions) + 4, offset);

    /// <summary>Takes back all that was changed of a tensor.</summary>
    public void Restore(string tensor)
    {
        (_file.Position, byte[] entry) = _entries[tensor];
        _file.Write(entry);
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    private void Overwrite(string tensor, int place, long value, int bytes = 8)
    {
        Span<byte> encoded = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(encoded, value);
        _file.Position = _entries[tensor].Position + place;
        _file.Write(encoded[..bytes]);
        _file.Flush();
    }

    private static byte[] Entry(GgufTensor tensor, long offset)
    {
        using MemoryStream entry = new();
        Write(entry, Dimensions, bytes: 4);
        for (int axis = 0; axis < Dimensions; axis++) Write(entry, axis < tensor.Shape.Length ? tensor.Shape[axis] : 1);
        Write(entry, (int)tensor.Type, bytes: 4);
        Write(entry, offset);
        return entry.ToArray();
    }

    // The first name, with its length before it: nowhere else in the file.
    private static int DirectoryStart(byte[] bytes, string first)
    {
        byte[] marked = [.. BitConverter.GetBytes((long)first.Length), .. Encoding.UTF8.GetBytes(first)];
        return bytes.AsSpan().IndexOf(marked) is var start and >= 0 ? start : throw new InvalidDataException(first);
    }

    private static void Write(Stream stream, long value, int bytes = 8)
    {
        Span<byte> encoded = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(encoded, value);
        stream.Write(encoded[..bytes]);
    }
}
