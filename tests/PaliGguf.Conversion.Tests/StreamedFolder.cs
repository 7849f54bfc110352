using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace PaliGguf.Conversion.Tests;

/// <summary>The safetensors files of a checkpoint, taken out of its folder and told of from elsewhere.</summary>
internal sealed class StreamedFolder
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public StreamedFolder(string folder)
    {
        foreach (string path in Directory.GetFiles(folder, "*.safetensors"))
        {
            _files[Path.GetFileName(path)] = File.ReadAllBytes(path);
            File.Delete(path);
        }
    }

    /// <summary>What was asked for: file, first byte, count.</summary>
    public ConcurrentQueue<(string Name, long Offset, long Length)> Asked { get; } = new();

    /// <summary>The bytes that were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>After how many bytes sent everything fails.</summary>
    public long FailAfter { get; set; } = long.MaxValue;

    public long Bytes => _files.Values.Sum(file => (long)file.Length);

    public IReadOnlyList<StreamedFile> Files => [.. _files.Select(file => new StreamedFile
    {
        Name = file.Key,
        Length = file.Value.Length,
        Sha256 = Convert.ToHexString(SHA256.HashData(file.Value)),
        Open = (offset, length, _) =>
        {
            Asked.Enqueue((file.Key, offset, length));
            return new Line(this, new MemoryStream(file.Value, (int)offset, (int)length));
        },
    })];

    /// <summary>Changes a byte on the way: the hash stays that of the file.</summary>
    public IReadOnlyList<StreamedFile> Damaged(Index place)
    {
        IReadOnlyList<StreamedFile> files = Files;
        _files.Values.First()[place] ^= 1;
        return files;
    }

    private sealed class Line(StreamedFolder folder, MemoryStream content) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => content.Length;

        public override long Position { get => content.Position; set => throw new NotSupportedException(); }

        // Odd pieces, as they come over a line.
        public override int Read(byte[] buffer, int offset, int count)
        {
            count = content.Read(buffer, offset, (int)Math.Min(Math.Min(count, 7777), folder.FailAfter - folder.Sent));
            if (count == 0 && content.Position < content.Length) throw new IOException("the line broke");
            folder.Sent += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
