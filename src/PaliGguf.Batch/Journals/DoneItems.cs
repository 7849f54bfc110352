namespace PaliGguf.Batch.Journals;

/// <summary>
/// The items that a journal has. It is read in step with a source that lists them as before, and then needs no memory; from the first one
/// on that is listed otherwise, the rest of the keys are kept, 8 bytes each.
/// </summary>
internal sealed class DoneItems : IDisposable
{
    private readonly JournalFile _journal;
    private IEnumerator<JournalRecord>? _next;
    private long _read;
    private ulong[] _rest = [];
    private int _restCount;

    private DoneItems(JournalFile journal)
    {
        _journal = journal;
        Count = journal.Records().LongCount(record => record.IsItem && !record.Kinds.HasFlag(RecordKinds.Again));
    }

    /// <summary>How many they are.</summary>
    public long Count { get; private init; }

    /// <summary>All that were answered, or have failed.</summary>
    public static DoneItems All(JournalFile journal)
    {
        DoneItems done = new(journal);
        done._next = journal.Records().GetEnumerator();
        done.Step();
        return done;
    }

    /// <summary>Those that were asked again since the last time that the failures were cleared.</summary>
    public static DoneItems AskedAgain(JournalFile journal)
    {
        ulong[] keys = [.. Again(journal).Select(record => record.Key.Value)];
        Array.Sort(keys);
        return new DoneItems(journal) { _rest = keys, _restCount = keys.Length, Count = keys.Length };
    }

    /// <summary>The records of what was asked again since the failures were cleared last.</summary>
    public static IEnumerable<JournalRecord> Again(JournalFile journal)
    {
        long from = 0, number = 0;
        foreach (JournalRecord record in journal.Records())
        {
            number++;
            if (record.Kinds.HasFlag(RecordKinds.Cleared)) from = number;
        }

        return journal.Records(from).Where(record => record.IsItem && record.Kinds.HasFlag(RecordKinds.Again));
    }

    /// <summary>Whether an item is among them; each is asked for once, in the order of the source.</summary>
    public bool Contains(ItemKey key)
    {
        if (_next is null) return Array.BinarySearch(_rest, 0, _restCount, key.Value) >= 0;
        if (_next.Current.Key == key)
        {
            Step();
            return true;
        }

        Keep();
        return Contains(key);
    }

    public void Dispose() => _next?.Dispose();

    // To the next record of an item.
    private void Step()
    {
        while (_next!.MoveNext())
        {
            _read++;
            if (_next.Current.IsItem) return;
        }

        _next.Dispose();
        _next = null;
    }

    private void Keep()
    {
        _rest = new ulong[_journal.Count - _read + 1];
        do if (_next!.Current.IsItem) _rest[_restCount++] = _next.Current.Key.Value;
        while (_next.MoveNext());
        Array.Sort(_rest, 0, _restCount);
        _next.Dispose();
        _next = null;
    }
}
