using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace PaliGguf.Conversion.Tests;

/// <summary>Writes .npz files, sound ones and others.</summary>
internal static class RawNpz
{
    /// <summary>An array as NumPy would write it.</summary>
    public static byte[] Array<T>(string type, T[] elements, params long[] shape)
        where T : unmanaged => WithHead($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({string.Concat(shape.Select(size => $"{size}, "))}), }}", MemoryMarshal.AsBytes(elements.AsSpan()));

    /// <summary>An array with any head.</summary>
    public static byte[] WithHead(string head, ReadOnlySpan<byte> elements, byte version = 1)
    {
        byte[] text = Encoding.UTF8.GetBytes(head + "\n");
        byte[] length = new byte[version == 1 ? 2 : 4];
        if (version == 1) BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        else BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. elements];
    }

    public static void Write(string path, params IEnumerable<(string Name, byte[] Content)> entries) => Write(path, CompressionLevel.Fastest, entries);

    public static void Write(string path, CompressionLevel compression, IEnumerable<(string Name, byte[] Content)> entries)
    {
        using ZipArchive archive = new(File.Create(path), ZipArchiveMode.Create);
        foreach ((string name, byte[] content) in entries)
        {
            using Stream stream = archive.CreateEntry(name, compression).Open();
            stream.Write(content);
        }
    }
}
