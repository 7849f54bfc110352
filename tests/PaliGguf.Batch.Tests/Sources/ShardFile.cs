using System.Formats.Tar;

namespace PaliGguf.Batch.Tests.Sources;

/// <summary>Tar files, written by the framework's own writer.</summary>
internal static class ShardFile
{
    public static void Write(string path, params (string Name, byte[] Bytes)[] members) => Write(path, TarEntryFormat.Pax, members);

    public static void Write(string path, TarEntryFormat format, params (string Name, byte[] Bytes)[] members)
    {
        using TarWriter writer = new(File.Create(path), format);
        foreach ((string name, byte[] bytes) in members) writer.WriteEntry(Entry(format, name, bytes));
    }

    public static TarEntry Entry(TarEntryFormat format, string name, byte[] bytes)
    {
        TarEntryType type = format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;
        TarEntry entry = format switch
        {
            TarEntryFormat.V7 => new V7TarEntry(type, name),
            TarEntryFormat.Ustar => new UstarTarEntry(type, name),
            TarEntryFormat.Gnu => new GnuTarEntry(type, name),
            _ => new PaxTarEntry(type, name),
        };
        entry.DataStream = new MemoryStream(bytes);
        return entry;
    }
}
