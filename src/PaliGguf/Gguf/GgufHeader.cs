namespace PaliGguf.Gguf;

/// <summary>The first 24 bytes of a file.</summary>
/// <param name="Version">2 or 3, which differ in nothing but big-endian files.</param>
/// <param name="TensorCount">The number of tensors that the file claims to have.</param>
/// <param name="EntryCount">The number of metadata entries that the file claims to have.</param>
internal readonly record struct GgufHeader(uint Version, int TensorCount, int EntryCount)
{
    /// <summary>"GGUF" as a little-endian number.</summary>
    public const uint Magic = 0x46554747;

    /// <summary>The version that is written.</summary>
    public const uint CurrentVersion = 3;

    private const uint OldestVersion = 2;
    private const int SmallestEntry = 8 + 1 + 4 + 1;
    private const int SmallestTensor = 8 + 1 + 4 + 8 + 4 + 8;

    public static GgufHeader Read(ref GgufCursor cursor)
    {
        if (cursor.Length < sizeof(uint) || cursor.Read<uint>() != Magic)
        {
            throw cursor.Fault($"this is not a GGUF file: "
                + $"{PlaceholderFile.Describe(cursor.Head(PlaceholderFile.HeadBytes)) ?? "it does not begin with 'GGUF'"}.");
        }

        uint version = cursor.Read<uint>();
        if (version is < OldestVersion or > CurrentVersion) throw cursor.Fault(Refuse(version));
        int tensors = ReadCount(ref cursor, "tensors", GgufLimits.Tensors, SmallestTensor);
        int entries = ReadCount(ref cursor, "metadata entries", GgufLimits.Entries, SmallestEntry);
        return new GgufHeader(version, tensors, entries);
    }

    private static string Refuse(uint version) => version switch
    {
        1 => "GGUF version 1 is no longer supported; convert the model again.",
        > CurrentVersion when (version & 0xFFFF) == 0 => "this is a big-endian GGUF file; only little-endian ones are supported.",
        _ => $"GGUF version {version} is unknown; expected {OldestVersion} or {CurrentVersion}.",
    };

    private static int ReadCount(ref GgufCursor cursor, string what, int limit, int smallest)
    {
        ulong count = cursor.Read<ulong>();
        if (count > (ulong)limit) throw cursor.Fault($"the file claims {count} {what}; at most {limit} are supported.");
        if ((long)count > cursor.Remaining / smallest) throw cursor.Fault($"the file claims {count} {what}, more than its {cursor.Length} bytes can hold.");
        return (int)count;
    }
}
