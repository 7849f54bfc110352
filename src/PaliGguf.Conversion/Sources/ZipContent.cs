using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace PaliGguf.Conversion.Sources;

/// <summary>
/// The bytes of a zip entry, read at any place. Stored ones are read where they lie; compressed ones are unpacked to a temporary file when the first are asked for, up to
/// the length that the archive declares and no further. Safe for several threads.
/// </summary>
internal sealed class ZipContent(SafeFileHandle archive, string path, ZipEntry entry, string scratchFolder) : IDisposable
{
    private const int BufferBytes = 1 << 20;
    private readonly Lock _lock = new();
    private SafeFileHandle? _unpacked;

    public string Name => entry.Name;

    public long Length => entry.Length;

    /// <summary>The bytes on the disk that reading will take for a while.</summary>
    public long ScratchBytes => entry.Deflated ? entry.Length : 0;

    /// <summary>The bytes from the first on, unpacked as they are read.</summary>
    public Stream Open()
    {
        FileRange packed = new(archive, entry.Offset, entry.PackedLength);
        return entry.Deflated ? new DeflateStream(packed, CompressionMode.Decompress) : packed;
    }

    /// <summary>Fills <paramref name="destination"/> from the given place of the entry.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        if (entry.Deflated) CheckpointFile.ReadAt(Unpacked(), offset, destination, path);
        else CheckpointFile.ReadAt(archive, entry.Offset + offset, destination, path);
    }

    public void Dispose() => _unpacked?.Dispose();

    private SafeFileHandle Unpacked()
    {
        lock (_lock) return _unpacked ??= Unpack();
    }

    private SafeFileHandle Unpack()
    {
        // Reserves the room, so that a full disk is noticed here.
        SafeFileHandle file = ScratchFile.Open(scratchFolder, entry.Length);
        try
        {
            using Stream stream = Open();
            byte[] buffer = new byte[BufferBytes];
            long done = 0;
            for (int count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
            {
                if (count > entry.Length - done) throw Malformed($"unpacks to more than the {entry.Length} bytes that are declared");
                RandomAccess.Write(file, buffer.AsSpan(0, count), done);
                done += count;
            }

            return done == entry.Length ? file : throw Malformed($"unpacks to {done} bytes, {entry.Length} are declared");
        }
        catch (InvalidDataException e)
        {
            file.Dispose();
            throw Malformed("can not be unpacked: " + OneLine.Show(e.Message), e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private ModelFormatException Malformed(string problem, Exception? inner = null) => new(path, $"the entry {OneLine.Show(entry.Name)} {problem}", inner);
}
