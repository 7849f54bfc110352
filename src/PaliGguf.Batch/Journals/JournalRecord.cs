using System.Buffers.Binary;

namespace PaliGguf.Batch.Journals;

/// <summary>What a record says.</summary>
[Flags]
internal enum RecordKinds : uint
{
    /// <summary>An item was answered.</summary>
    None = 0,

    /// <summary>Something that was asked about it has no answer.</summary>
    Failed = 1,

    /// <summary>It was asked again.</summary>
    Again = 2,

    /// <summary>No item: all before is on the disk.</summary>
    Synced = 4,

    /// <summary>No item: what was asked again has left the file of failures.</summary>
    Cleared = 8,
}

/// <summary>One record of a journal: which item was written, and where the files ended then.</summary>
/// <param name="Key">The item.</param>
/// <param name="ResultsEnd">How long the results were with it, in bytes.</param>
/// <param name="FailuresEnd">How long the failures were.</param>
/// <param name="Content">The checksum of what was written for it.</param>
/// <param name="Kinds">What it says.</param>
internal readonly record struct JournalRecord(ItemKey Key, long ResultsEnd, long FailuresEnd, uint Content, RecordKinds Kinds)
{
    public const int Length = 36;

    public bool IsItem => (Kinds & (RecordKinds.Synced | RecordKinds.Cleared)) == RecordKinds.None;

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Key.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], ResultsEnd);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], FailuresEnd);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], Content);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[28..], (uint)Kinds);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[32..], Checksum.Of(bytes[..32]));
    }

    /// <summary>Reads a record.</summary>
    /// <returns>False where it is damaged, or tells of a file that ends before it begins.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out JournalRecord record)
    {
        record = new JournalRecord(
            new ItemKey(BinaryPrimitives.ReadUInt64LittleEndian(bytes)), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]), (RecordKinds)BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]));
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]) == Checksum.Of(bytes[..32])
            && record.ResultsEnd >= 0 && record.FailuresEnd >= 0;
    }
}
