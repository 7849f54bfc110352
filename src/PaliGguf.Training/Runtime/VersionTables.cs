using System.Buffers.Binary;
using System.Text;

namespace PaliGguf.Training.Runtime;

/// <summary>
/// The tables of a 64-bit little-endian ELF library that tell which versions of other libraries' symbols it needs, and which it defines
/// itself (System V gABI, and "Symbol Versioning" of the Linux Standard Base).
/// </summary>
internal sealed class VersionTables
{
    private const uint Load = 1, Dynamic = 2;
    private const long StringTable = 5;
    private const long Needs = 0x6FFF_FFFE, NeedCount = 0x6FFF_FFFF, Definitions = 0x6FFF_FFFC, DefinitionCount = 0x6FFF_FFFD;
    private const int MostEntries = 1 << 16;

    private readonly string _path;
    private readonly byte[] _file;
    private readonly List<(long Address, long Offset, long Length)> _segments = [];
    private readonly Dictionary<long, long> _dynamic = [];

    private VersionTables(string path, byte[] file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>The versions that it needs.</summary>
    public IReadOnlyList<NeededVersion> Needed { get; private set; } = [];

    /// <summary>The names of the versions that it defines.</summary>
    public IReadOnlyList<string> Defined { get; private set; } = [];

    /// <summary>Reads a library.</summary>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="file">All of it.</param>
    /// <exception cref="InvalidDataException">It is no such library, or a table of it leads out of the file.</exception>
    public static VersionTables Read(string path, byte[] file)
    {
        ReadOnlySpan<byte> magic = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1];
        VersionTables tables = new(path, file);
        if (!file.AsSpan().StartsWith(magic)) throw tables.Broken("it is no 64-bit little-endian ELF file");
        tables.ReadSegments();
        tables.Needed = tables.ReadNeeds();
        tables.Defined = tables.ReadDefinitions();
        return tables;
    }

    private void ReadSegments()
    {
        long headers = (long)Number64(32);
        (int size, int count) = (Number16(54), Number16(56));
        (long Offset, long Length) dynamic = default;
        for (int i = 0; i < count; i++)
        {
            long header = headers + ((long)i * size);
            uint type = Number32(header);
            (long offset, long address, long length) =
                ((long)Number64(header + 8), (long)Number64(header + 16), (long)Number64(header + 32));
            if (type == Load) _segments.Add((address, offset, length));
            else if (type == Dynamic) dynamic = (offset, length);
        }

        for (long entry = dynamic.Offset;
            entry < dynamic.Offset + dynamic.Length && (long)Number64(entry) is not 0 and var tag;
            entry += 16)
        {
            _dynamic[tag] = (long)Number64(entry + 8);
        }
    }

    // A list of libraries (Verneed), each with a list of versions (Vernaux).
    private List<NeededVersion> ReadNeeds()
    {
        List<NeededVersion> needed = [];
        long library = Place(Needs);
        for (long left = _dynamic.GetValueOrDefault(NeedCount); left > 0; left--)
        {
            string name = Text(Number32(library + 4));
            long version = library + Number32(library + 8);
            for (int count = Number16(library + 2); count > 0; count--)
            {
                needed.Add(new NeededVersion(name, Text(Number32(version + 8)), version + 4, Number16(version + 4)));
                if (needed.Count > MostEntries) throw Broken("its table of needed versions has no end");
                version += Number32(version + 12);
            }

            if (Number32(library + 12) is not 0 and var next) library += next;
            else break;
        }

        return needed;
    }

    // A list of definitions (Verdef), whose first name (Verdaux) is their own.
    private List<string> ReadDefinitions()
    {
        List<string> defined = [];
        long definition = Place(Definitions);
        for (long left = _dynamic.GetValueOrDefault(DefinitionCount); left > 0; left--)
        {
            defined.Add(Text(Number32(definition + Number32(definition + 12))));
            if (defined.Count > MostEntries) throw Broken("its table of defined versions has no end");
            if (Number32(definition + 16) is not 0 and var next) definition += next;
            else break;
        }

        return defined;
    }

    private long Place(long tag) => _dynamic.TryGetValue(tag, out long address) ? Offset(address) : 0;

    private long Offset(long address)
    {
        foreach ((long start, long offset, long length) in _segments)
        {
            if (address >= start && address - start < length) return offset + (address - start);
        }

        throw Broken("a table of it lies outside what is loaded");
    }

    private string Text(uint offset)
    {
        long start = Place(StringTable) + offset;
        if (start < 0 || start >= _file.Length) throw Broken("a name lies outside the file");
        ReadOnlySpan<byte> text = _file.AsSpan((int)start);
        return Encoding.ASCII.GetString(text[..Math.Max(0, text.IndexOf((byte)0))]);
    }

    private ulong Number64(long offset) => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(offset, 8));

    private uint Number32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(offset, 4));

    private ushort Number16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(offset, 2));

    private ReadOnlySpan<byte> Bytes(long offset, int length) =>
        offset >= 0 && offset <= _file.Length - length ? _file.AsSpan((int)offset, length) : throw Broken("a table leads out of the file");

    private InvalidDataException Broken(string problem) => new($"{_path}: {problem}.");
}

/// <summary>A version of another library's symbols.</summary>
/// <param name="Library">The library that has to define it: "libstdc++.so.6".</param>
/// <param name="Name">The version: "GLIBCXX_3.4.32".</param>
/// <param name="FlagsOffset">Where in the file its two bytes of flags are.</param>
/// <param name="Flags">They.</param>
internal readonly record struct NeededVersion(string Library, string Name, long FlagsOffset, ushort Flags)
{
    /// <summary>The loader does not insist on what has this flag (VER_FLG_WEAK).</summary>
    public const ushort Weak = 2;

    /// <summary>Whether the loader does without it.</summary>
    public bool IsWeak => (Flags & Weak) != 0;
}
