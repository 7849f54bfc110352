using System.Text;
using Microsoft.Win32.SafeHandles;
using PaliGguf.Evaluation;

namespace PaliGguf.Batch.Sources;

/// <summary>
/// Lists the members of a tar file without reading them, so a shard costs a block for each. An end in the middle of the file does not end
/// the list: archives may have been put behind each other. Headers may say anything; what they say is compared with the file before it is
/// believed.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class TarMembers(string path)
{
    // Names and extended headers.
    private const int LongestText = 1 << 20;

    /// <summary>The members that are files, in their order; those without bytes of their own with what is wrong with them.</summary>
    /// <exception cref="PaliException">Thrown while they are listed: the file can not be read on, and where.</exception>
    public IEnumerable<TarMember> Read(CancellationToken cancellationToken)
    {
        using FileStream file = InputFile.Open(path, "the shard");
        long position = 0;
        long index = 0;
        PaxFields pax = new();
        string? longName = null;
        while (Step(file.SafeFileHandle, file.Length, index + 1, ref position, ref pax, ref longName) is (true, var member))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (member is not { } found) continue;
            index++;
            yield return found;
        }
    }

    // One header.
    private (bool More, TarMember? Member) Step(
        SafeFileHandle file, long length, long index, ref long position, ref PaxFields pax, ref string? longName)
    {
        Span<byte> block = stackalloc byte[TarHeader.Length];
        if (!SkipZeros(file, length, index, ref position, block)) return (false, null);
        TarHeader header = new(block);
        if (!header.IsSound) throw Error(index, "its header is damaged, or this is no tar file");
        if (header.Size < 0) throw Error(index, "its header tells no size");
        bool hasBytes = header.Type is not (>= '1' and <= '6');
        long size = hasBytes ? (header.Type is 'x' or 'g' or 'L' or 'K' ? header.Size : pax.Size ?? header.Size) : 0;
        long start = position + TarHeader.Length;
        if (size > length - start) throw Error(index, $"the file ends within '{Short(pax.Path ?? longName ?? header.Name)}'");
        // The last member's padding may be missing.
        position = start + Math.Min((size + TarHeader.Length - 1) / TarHeader.Length * TarHeader.Length, length - start);
        switch (header.Type)
        {
            case 'x':
                Pax(pax, Bytes(file, start, size, index), index);
                return (true, null);
            case 'L':
                longName = Encoding.UTF8.GetString(Bytes(file, start, size, index)).TrimEnd('\0');
                return (true, null);
            case 'g' or 'K':
                return (true, null);
        }

        string name = pax.Path ?? longName ?? header.Name;
        string? problem = header.Type switch
        {
            '1' or '2' => $"it is a link to '{Short(header.Link)}', without bytes of its own: pack the shard with --hard-dereference and "
                + "--dereference",
            'S' => Sparse,
            _ when pax.IsSparse || name.Contains("GNUSparseFile.", StringComparison.Ordinal) => Sparse,
            _ => null,
        };
        // The map of a sparse file of the older form may go on in blocks that no header tells of.
        if (header.Type == 'S') throw Error(index, $"'{Short(name)}': {Sparse}");
        pax = new PaxFields();
        longName = null;
        bool isFile = header.Type is '\0' or '0' or '7' or '1' or '2';
        return (true, isFile && !name.EndsWith('/') ? new TarMember(name, start, size) { Problem = problem } : null);
    }

    private const string Sparse = "it is stored as a sparse file: pack the shard without --sparse";

    private bool SkipZeros(SafeFileHandle file, long length, long index, ref long position, Span<byte> block)
    {
        for (; position < length; position += TarHeader.Length)
        {
            if (length - position < TarHeader.Length) return TrailingBytes(index, length - position);
            Read(file, block, position, index);
            if (block.ContainsAnyExcept((byte)0)) return true;
        }

        return false;
    }

    private bool TrailingBytes(long index, long count) =>
        index > 1 ? false : throw Error(index, $"this is no tar file: {count} bytes are no header");

    private byte[] Bytes(SafeFileHandle file, long start, long size, long index)
    {
        if (size > LongestText)
            throw Error(index, $"a name or an extended header has {size} bytes, more than the {LongestText} that it may have");
        byte[] bytes = new byte[size];
        Read(file, bytes, start, index);
        return bytes;
    }

    private void Pax(PaxFields pax, byte[] records, long index)
    {
        try
        {
            pax.Read(records);
        }
        catch (FormatException e)
        {
            throw Error(index, e.Message);
        }
    }

    private void Read(SafeFileHandle file, Span<byte> into, long position, long index)
    {
        try
        {
            if (file.ReadFully(into, position) < into.Length) throw Error(index, "the file has become shorter while it was read");
        }
        catch (IOException e)
        {
            throw new PaliException($"{path}: the shard can not be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private PaliException Error(long index, string problem) => new(FormattableString.Invariant($"{path}, member {index}: {problem}."));

    private static string Short(string name) => name.Length <= 80 ? name : name[..80] + "...";
}
