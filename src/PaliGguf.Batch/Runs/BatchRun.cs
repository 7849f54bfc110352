using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PaliGguf.Batch.Journals;
using PaliGguf.Batch.Results;
using PaliGguf.Batch.Sources;

namespace PaliGguf.Batch.Runs;

/// <summary>
/// Answers about items, each once, in any order: a model does, or whoever hands them to others and gathers what they answer.
/// </summary>
/// <param name="items">The items; they may come slowly.</param>
/// <param name="cancellationToken">Ends it.</param>
public delegate IAsyncEnumerable<ItemAnswer> AnswerEach(IAsyncEnumerable<WorkItem> items, CancellationToken cancellationToken);

/// <summary>Takes what is open from a source, has it answered, and writes the answers.</summary>
public sealed class BatchRun : IDisposable
{
    // Enough to have names at hand, as few as any memory holds.
    private const int ReadAhead = 16;

    private readonly ResultJournal _results;
    private readonly OpenItems _open;
    private readonly DoneItems _done;
    private readonly FailedQuestions? _again;
    private IEnumerator<WorkItem>? _next;

    /// <summary>Plans a run.</summary>
    /// <param name="source">The pictures.</param>
    /// <param name="results">Where the answers go, and those of earlier runs are.</param>
    /// <param name="questions">What is asked about pictures that say nothing themselves.</param>
    /// <param name="again">A file of failures: only what it names is asked. Null for all that is open.</param>
    /// <param name="limit">How many pictures of the source are taken at most.</param>
    /// <exception cref="PaliException">The file of failures can not be read.</exception>
    public BatchRun(IWorkSource source, ResultJournal results, IReadOnlyList<Question> questions, string? again = null,
        long limit = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(results);
        _results = results;
        _again = again is null ? null : FailedQuestions.Read(again);
        _done = _again is null ? DoneItems.All(results.Journal) : DoneItems.AskedAgain(results.Journal);
        _open = new OpenItems(source, _done) { Again = _again is null ? null : (_again, questions), Limit = limit };
        Tally = new BatchTally(_done.Count, 0, 0, 0);
    }

    /// <summary>How far it has come.</summary>
    public BatchTally Tally { get; private set; }

    /// <summary>Looks for the first picture that is open, past those that earlier runs have done.</summary>
    /// <returns>Whether there is one.</returns>
    public bool FindOpen(CancellationToken cancellationToken)
    {
        _next = _open.Items(cancellationToken).GetEnumerator();
        return _next.MoveNext();
    }

    /// <summary>Has all answered that is open.</summary>
    /// <param name="answer">Answers.</param>
    /// <param name="progress">Told after each picture.</param>
    /// <param name="drain">Takes no more pictures; what is begun is answered and written.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <returns>Whether all is done; false if it was drained.</returns>
    /// <exception cref="PaliException">The model fails, the disk does not take an answer, or the source can not be read on.</exception>
    public async Task<bool> RunAsync(
        AnswerEach answer, IProgress<BatchTally>? progress, CancellationToken drain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (_next is null) throw new InvalidOperationException("It was not looked for what is open.");
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(drain, cancellationToken);
        Channel<WorkItem> ahead = Channel.CreateBounded<WorkItem>(new BoundedChannelOptions(ReadAhead)
        {
            SingleReader = true,
            SingleWriter = true,
        });
        // Who reads from a pipe may wait for ever, and is not waited for when the run ends early.
        Task reading = Task.Run(() => ReadAsync(ahead.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (ItemAnswer one in answer(TakeAsync(ahead.Reader, stop.Token), cancellationToken).ConfigureAwait(false))
            {
                _results.Append(one, again: _again is not null);
                bool failed = one.Failures.Count > 0;
                Tally = Tally with
                {
                    Answered = Tally.Answered + (failed ? 0 : 1),
                    Failed = Tally.Failed + (failed ? 1 : 0),
                    Looks = Tally.Looks + one.Looks,
                };
                progress?.Report(Tally);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }

        if (drain.IsCancellationRequested) return false;
        await reading.ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Ends a run that came to its end: what was asked again leaves the file of failures, unless a picture of it was not found any more.
    /// </summary>
    /// <returns>How many pictures of the file of failures were not found.</returns>
    /// <exception cref="PaliException">The disk does not take it.</exception>
    public long Finish()
    {
        long missing = _again is null ? 0 : _again.Count - _open.Found;
        if (_again is not null && missing == 0) _results.ClearFailures();
        _results.Sync();
        return missing;
    }

    /// <inheritdoc/>
    public void Dispose() => _done.Dispose();

    private async Task ReadAsync(ChannelWriter<WorkItem> ahead, CancellationToken stop)
    {
        try
        {
            do await ahead.WriteAsync(_next!.Current, stop).ConfigureAwait(false);
            while (!stop.IsCancellationRequested && _next.MoveNext());
            _next.Dispose();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            ahead.Complete();
        }
    }

    private static async IAsyncEnumerable<WorkItem> TakeAsync(
        ChannelReader<WorkItem> ahead, [EnumeratorCancellation] CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && await MoreAsync(ahead, stop).ConfigureAwait(false) && ahead.TryRead(out WorkItem? item))
            yield return item;
    }

    private static async Task<bool> MoreAsync(ChannelReader<WorkItem> ahead, CancellationToken stop)
    {
        try
        {
            return await ahead.WaitToReadAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
