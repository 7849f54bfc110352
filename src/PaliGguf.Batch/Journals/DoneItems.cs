namespace PaliGguf.Batch.Journals;

/// <summary>
/// The items that a journal has. It is read in step with a source that lists them as before, and then needs no memory; from the first one
/// on that is listed otherwise, the rest of the keys are kept, about 7 bytes each, or none where they are kept by what knows all ids.
/// </summary>
internal sealed class DoneItems : IDisposable
{
    private IEnumerator<JournalRecord>? _next;
    private KeySet? _rest;
    private bool _isShared;

    private DoneItems()
    {
    }

    /// <summary>How many they are.</summary>
    public long Count { get; private set; }

    /// <summary>All that were answered, or have failed.</summary>
    public static DoneItems All(JournalFile journal)
    {
        DoneItems done = new()
        {
            Count = journal.Records().LongCount(record => record.IsItem && !record.Kinds.HasFlag(RecordKinds.Again)),
            _next = journal.Records().GetEnumerator(),
        };
        done.Step();
        return done;
    }

    /// <summary>Those that were asked again since the last time that the failures were cleared.</summary>
    public static DoneItems AskedAgain(JournalFile journal)
    {
        DoneItems done = new() { _rest = new KeySet() };
        foreach (JournalRecord record in Again(journal))
        {
            done._rest.Mark(record.Key);
            done.Count++;
        }

        return done;
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

    /// <summary>Has what is listed otherwise be marked in a set that keeps the ids that were listed.</summary>
    /// <param name="listed">The set, to which each id is added before it is asked for.</param>
    public void ShareWith(KeySet listed)
    {
        if (_rest is null) (_rest, _isShared) = (listed, true);
    }

    /// <summary>Whether an item is among them; each is asked for once, in the order of the source.</summary>
    public bool Contains(ItemKey key)
    {
        if (_next is null) return _rest?.Unmark(key) ?? false;
        if (_next.Current.Key == key)
        {
            Step();
            return true;
        }

        Keep();
        return Contains(key);
    }

    public void Dispose()
    {
        _next?.Dispose();
        if (!_isShared) _rest?.Dispose();
    }

    // To the next record of an item.
    private void Step()
    {
        while (_next!.MoveNext())
        {
            if (_next.Current.IsItem) return;
        }

        _next.Dispose();
        _next = null;
    }

    private void Keep()
    {
        _rest ??= new KeySet();
        do if (_next!.Current.IsItem) _rest.Mark(_next.Current.Key);
        while (_next.MoveNext());
        _next.Dispose();
        _next = null;
    }
}
