using PaliGguf.Batch.Journals;

namespace PaliGguf.Batch.Results;

/// <summary>Brings files and journal together again after a process or a machine has ended at any moment.</summary>
internal static class Recovery
{
    /// <summary>Cuts off what was being written.</summary>
    /// <exception cref="PaliException">More is missing than could be on its way to the disk.</exception>
    public static void Run(JournalFile journal, LineFile results, LineFile failures)
    {
        (long number, JournalRecord whole) = LastSynced(journal);
        if (results.Length < whole.ResultsEnd)
        {
            throw new PaliException(
                $"{results.Path}: it has {results.Length} bytes, and {whole.ResultsEnd} by its journal: something has cut it. Name "
                    + "another file, or remove both to begin anew.");
        }

        // The journal was not told any more that failures were cleared, or somebody has removed them.
        if (failures.Length < whole.FailuresEnd)
        {
            journal.Cut(number);
            failures.Cut(failures.EndOfLines());
            whole = whole with { FailuresEnd = failures.Length };
            journal.Append(whole with { Key = default, Content = 0, Kinds = RecordKinds.Cleared });
            number++;
        }

        // What came after was perhaps not on the disk yet when the machine lost its power.
        foreach (JournalRecord record in journal.Records(number))
        {
            if (!IsThere(whole, record, results, failures)) break;
            whole = record;
            number++;
        }

        journal.Cut(number);
        results.Cut(whole.ResultsEnd);
        failures.Cut(whole.FailuresEnd);
    }

    /// <summary>The last record of which all is known to be on the disk, and how many there are with it.</summary>
    private static (long Count, JournalRecord Record) LastSynced(JournalFile journal)
    {
        (long Count, JournalRecord Record) last = default;
        long number = 0;
        foreach (JournalRecord record in journal.Records())
        {
            number++;
            if (!record.IsItem) last = (number, record);
        }

        return last;
    }

    private static bool IsThere(JournalRecord before, JournalRecord record, LineFile results, LineFile failures) =>
        record.ResultsEnd >= before.ResultsEnd && record.ResultsEnd <= results.Length && record.FailuresEnd >= before.FailuresEnd
            && record.FailuresEnd <= failures.Length
        && record.Content == Checksum.Of(
            results.Read(before.ResultsEnd, record.ResultsEnd - before.ResultsEnd),
            failures.Read(before.FailuresEnd, record.FailuresEnd - before.FailuresEnd));
}
