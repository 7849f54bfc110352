using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using PaliGguf.Evaluation.Journals;

namespace PaliGguf.Batch.Journals;

/// <summary>
/// A journal: a line of JSON with what the answers depend on, then records of one length. It is open in one process at a time; the system
/// lets go of it when that ends, however it ends. Not for use by several threads.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private const int LongestHeader = 1 << 20;
    private const int RecordsAtOnce = 4096;

    private readonly FileStream _file;
    private readonly long _start;

    private JournalFile(FileStream file, long start) => (_file, _start) = (file, start);

    /// <summary>How many records there are.</summary>
    public long Count { get; private set; }

    /// <summary>Where it is.</summary>
    public string Path => _file.Name;

    private SafeFileHandle Handle => _file.SafeFileHandle;

    /// <summary>
    /// Opens the journal of answers of a kind, or begins one. A last record that was being written when its process ended does not count.
    /// </summary>
    /// <exception cref="PaliException">Another process has it; it tells of other answers, and of which; it is damaged, or can not be
    /// written.</exception>
    public static JournalFile Open(string path, JournalHeader facts)
    {
        FileStream? file = null;
        try
        {
            file = JournalWriter.OpenAlone(path);
            JournalFile? journal = Known(path, file, facts);
            if (journal is null)
            {
                byte[] header = [.. JsonSerializer.SerializeToUtf8Bytes(new JournalFacts(facts), JournalFactsJson.Default.JournalFacts),
                    (byte)'\n'];
                file.SetLength(0);
                file.Position = 0;
                file.Write(header);
                journal = new JournalFile(file, header.Length);
            }

            journal.CountRecords();
            return journal;
        }
        catch (Exception e)
        {
            file?.Dispose();
            if (e is not (IOException or UnauthorizedAccessException)) throw;
            throw new PaliException($"{path}: it can not be written: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>The records that are there at the beginning, read as they are asked for.</summary>
    /// <param name="first">The number of the first, from 0 on.</param>
    public IEnumerable<JournalRecord> Records(long first = 0)
    {
        long end = Count;
        byte[] buffer = new byte[RecordsAtOnce * JournalRecord.Length];
        while (first < end)
        {
            int count = (int)Math.Min(RecordsAtOnce, end - first);
            Read(buffer.AsSpan(0, count * JournalRecord.Length), first);
            for (int i = 0; i < count; i++)
            {
                if (!JournalRecord.TryRead(buffer.AsSpan(i * JournalRecord.Length), out JournalRecord record)) throw Damaged(first + i);
                yield return record;
            }

            first += count;
        }
    }

    /// <summary>Adds a record.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Append(JournalRecord record)
    {
        Span<byte> bytes = stackalloc byte[JournalRecord.Length];
        record.Write(bytes);
        RandomAccess.Write(Handle, bytes, PlaceOf(Count));
        Count++;
    }

    /// <summary>Leaves out all records from one on.</summary>
    public void Cut(long count)
    {
        _file.SetLength(PlaceOf(count));
        Count = count;
    }

    public void Dispose() => _file.Dispose();

    private static JournalFile? Known(string path, FileStream file, JournalHeader facts)
    {
        byte[] first = new byte[Math.Min(file.Length, LongestHeader)];
        file.ReadExactly(first);
        int end = first.AsSpan().IndexOf((byte)'\n');
        ReadOnlySpan<byte> beginning = "{\"batch\":"u8;
        int common = Math.Min(first.Length, beginning.Length);
        if (!first.AsSpan(0, common).SequenceEqual(beginning[..common]) || (end < 0 && first.Length == LongestHeader))
            throw new PaliException($"{path}: it is no journal of a batch.");
        if (end < 0) return null;
        JournalFacts known;
        try
        {
            known = JsonSerializer.Deserialize(first.AsSpan(0, end), JournalFactsJson.Default.JournalFacts)
                ?? throw new PaliException($"{path}: it is no journal of a batch.");
        }
        catch (JsonException e)
        {
            throw new PaliException($"{path}: it is no journal of a batch: {e.Message.ReplaceLineEndings(" ")}", e);
        }

        if (known.Batch != JournalFacts.Version)
            throw new PaliException($"{path}: its form has the version {known.Batch}; this program knows {JournalFacts.Version}.");
        string[] differences = [.. known.Facts.Differences(facts)];
        return differences.Length == 0 ? new JournalFile(file, end + 1) : throw new PaliException(
            $"{path}: the answers that are there were made otherwise ({string.Join("; ", differences)}); name another file, or run as "
                + "before.");
    }

    // Only the last records may be damaged: others were whole once.
    private void CountRecords()
    {
        Count = (_file.Length - _start) / JournalRecord.Length;
        byte[] buffer = new byte[RecordsAtOnce * JournalRecord.Length];
        long damaged = -1;
        for (long first = 0; first < Count; first += RecordsAtOnce)
        {
            int count = (int)Math.Min(RecordsAtOnce, Count - first);
            Read(buffer.AsSpan(0, count * JournalRecord.Length), first);
            for (int i = 0; i < count; i++)
            {
                bool whole = JournalRecord.TryRead(buffer.AsSpan(i * JournalRecord.Length), out _);
                if (whole && damaged >= 0) throw Damaged(damaged);
                if (!whole && damaged < 0) damaged = first + i;
            }
        }

        Cut(damaged >= 0 ? damaged : Count);
    }

    private void Read(Span<byte> records, long first)
    {
        if (Handle.ReadFully(records, PlaceOf(first)) < records.Length)
            throw new PaliException($"{Path}: it has become shorter while it was read.");
    }

    private long PlaceOf(long record) => _start + (record * JournalRecord.Length);

    private PaliException Damaged(long record) => new(
        $"{Path}: record {record + 1} of {Count} is damaged, and those after it are not: a disk has changed it. Name another file, or "
            + "remove this one and its results.");
}
