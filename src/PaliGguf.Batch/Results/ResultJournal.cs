using System.Buffers;
using System.Diagnostics;
using PaliGguf.Batch.Journals;
using PaliGguf.Evaluation.Journals;

namespace PaliGguf.Batch.Results;

/// <summary>
/// Writes what becomes of pictures, so that nothing is lost and nothing comes twice, whenever the process ends. A picture's lines are
/// written first and then its record in the journal, which tells how long the files were: what is behind that was being written at the end,
/// and is cut off by the next run. Not for use by several threads.
/// </summary>
public sealed class ResultJournal : IDisposable
{
    private const int RecordsPerSync = 4096;

    private static readonly TimeSpan SyncPeriod = TimeSpan.FromSeconds(5);

    private readonly JournalFile _journal;
    private readonly LineFile _results;
    private readonly LineFile _failures;
    private readonly ArrayBufferWriter<byte> _resultBytes = new(), _failureBytes = new();
    private long _synced = Stopwatch.GetTimestamp();
    private int _unsynced;

    private ResultJournal(ResultPaths paths, JournalFile journal)
    {
        _journal = journal;
        _results = new LineFile(paths.Lines);
        _failures = new LineFile(paths.Failures);
    }

    /// <summary>The items that are done.</summary>
    internal JournalFile Journal => _journal;

    /// <summary>How many bytes of failures there are.</summary>
    public long FailureBytes => _failures.Length;

    /// <summary>Begins results, or goes on with those of an earlier run that were made in the same way.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="facts">Whatever changes the answers.</param>
    /// <exception cref="PaliException">
    /// Another process writes them; they were made otherwise, and the message says what differs; they are no results of a batch, are
    /// damaged, or can not be written.
    /// </exception>
    public static ResultJournal Open(ResultPaths paths, JournalHeader facts)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(facts);
        if (!File.Exists(paths.Journal) && File.Exists(paths.Lines) && new FileInfo(paths.Lines).Length > 0)
        {
            throw new PaliException(
                $"{paths.Lines}: it is there already, and no journal of a batch beside it ({paths.Journal}): name another file, or remove "
                + "it.");
        }

        ResultJournal results = new(paths, JournalFile.Open(paths.Journal, facts));
        try
        {
            results.Guard(paths.Lines, () => Recovery.Run(results._journal, results._results, results._failures));
            return results;
        }
        catch
        {
            results.Dispose();
            throw;
        }
    }

    /// <summary>Writes what became of a picture.</summary>
    /// <param name="answer">It.</param>
    /// <param name="again">Whether it was asked again what had failed.</param>
    /// <exception cref="PaliException">The disk does not take it; what was written before stays, and a later run goes on.</exception>
    public void Append(ItemAnswer answer, bool again = false)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _resultBytes.ResetWrittenCount();
        _failureBytes.ResetWrittenCount();
        foreach (AnswerLine line in answer.Answers) ResultJson.WriteLine(_resultBytes, line, ResultJson.Default.AnswerLine);
        foreach (FailureLine line in answer.Failures) ResultJson.WriteLine(_failureBytes, line, ResultJson.Default.FailureLine);
        (long results, long failures) = (_results.Length, _failures.Length);
        Guard(_results.Path, () =>
        {
            try
            {
                _results.Append(_resultBytes.WrittenSpan);
                _failures.Append(_failureBytes.WrittenSpan);
                RecordKinds kinds = (answer.Failures.Count > 0 ? RecordKinds.Failed : RecordKinds.None) | (again ? RecordKinds.Again
                    : RecordKinds.None);
                uint content = Checksum.Of(_resultBytes.WrittenSpan, _failureBytes.WrittenSpan);
                _journal.Append(new JournalRecord(ItemKey.Of(answer.Id), _results.Length, _failures.Length, content, kinds));
            }
            catch (IOException)
            {
                _results.Cut(results);
                _failures.Cut(failures);
                throw;
            }

            if (++_unsynced >= RecordsPerSync || Stopwatch.GetElapsedTime(_synced) > SyncPeriod) Mark(RecordKinds.Synced);
        });
    }

    /// <summary>Sees that all is on the disk.</summary>
    /// <exception cref="PaliException">The disk does not take it.</exception>
    public void Sync()
    {
        if (_unsynced > 0) Guard(_results.Path, () => Mark(RecordKinds.Synced));
    }

    /// <summary>Takes out of the failures what was asked again, all of it: those that failed once more stay.</summary>
    /// <exception cref="PaliException">The disk does not take it.</exception>
    public void ClearFailures() => Guard(_failures.Path, () =>
    {
        using IEnumerator<JournalRecord> again = DoneItems.Again(_journal).GetEnumerator();
        if (!again.MoveNext()) return;
        long first = FirstFailureOf(again.Current);
        Mark(RecordKinds.Synced);
        byte[] kept = _failures.Read(first, _failures.Length - first);
        _failures.Close();
        PendingFile.Write(_failures.Path, kept);
        _failures.Reopen();
        Mark(RecordKinds.Cleared);
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _results.Dispose();
        _failures.Dispose();
        _journal.Dispose();
    }

    // Where the failures ended before the first that was asked again.
    private long FirstFailureOf(JournalRecord again)
    {
        long end = 0;
        foreach (JournalRecord record in _journal.Records())
        {
            if (record == again) return end;
            end = record.FailuresEnd;
        }

        return end;
    }

    private void Mark(RecordKinds kind)
    {
        _results.Sync();
        _failures.Sync();
        _journal.Append(new JournalRecord(default, _results.Length, _failures.Length, 0, kind));
        _synced = Stopwatch.GetTimestamp();
        _unsynced = 0;
    }

    private void Guard(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PaliException(
                $"{path}: it can not be written: {e.Message.ReplaceLineEndings(" ")}. What is answered so far is kept: when that is "
                + "mended, the same command goes on.", e);
        }
    }
}
