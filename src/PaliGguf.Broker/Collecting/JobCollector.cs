using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PaliGguf.Batch;
using PaliGguf.Batch.Results;
using PaliGguf.Batch.Runs;
using PaliGguf.Broker.Connections;
using PaliGguf.Broker.Messages;

namespace PaliGguf.Broker.Collecting;

/// <summary>
/// Has workers answer about pictures, over a broker: puts them into its queue, a window of them at a time, and gathers the answers, each
/// once. It waits for a broker that is gone.
/// </summary>
/// <param name="options">How.</param>
/// <param name="drain">Puts no more in, takes back what no worker has, and gathers what they answer about the rest.</param>
internal sealed class JobCollector(CollectorOptions options, CancellationToken drain) : IDisposable
{
    // As many as read and send at once.
    private const int Senders = 8;
    private const ushort Prefetch = 256;

    private readonly Channel<Arrival> _arrivals = Channel.CreateUnbounded<Arrival>();
    private readonly ItemSending _sending = new(options);
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OpenWork _open = new(options.Window);
    private long _backlog = -1;
    private long _takenBack;
    private bool _sent;
    private LostItems? _lost;

    /// <summary>How many pictures are with the broker or with workers.</summary>
    public int Out => _open.Count;

    private LostItems Lost => _lost ??= new LostItems(options, _sending, _open)
    {
        IsBusy = () => _arrivals.Reader.Count > 0,
        Known = (answer, key) => _arrivals.Writer.TryWrite(new Arrival { Answer = answer, Key = key }),
        LostAtTheEnd = () =>
        {
            Interlocked.Exchange(ref _takenBack, int.MaxValue);
            _arrivals.Writer.TryWrite(default);
        },
    };

    /// <summary>Answers about pictures (<see cref="AnswerEach"/>); once.</summary>
    /// <param name="items">The pictures.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="PaliException">Somebody has to mend something: credentials, queues, a model that is another.</exception>
    public async IAsyncEnumerable<ItemAnswer> AnswerAsync(
        IAsyncEnumerable<WorkItem> items, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        BrokerLink link = new(options.Broker, options.Job, OpenAsync, options.Tell);
        await using ConfiguredAsyncDisposable closing = link.ConfigureAwait(false);
        Task sending = Task.Run(() => SendAllAsync(items, link, stop.Token), CancellationToken.None);
        Task takingBack = Task.Run(() => TakeBackAsync(link, sending, stop.Token), CancellationToken.None);
        Task watching = Task.Run(() => Lost.WatchAsync(link, drain, stop.Token), CancellationToken.None);
        foreach (Task task in new[] { link.Completion, sending, takingBack, watching })
            _ = BrokerLink.TellFailureAsync(task, failure => _arrivals.Writer.TryComplete(failure));
        try
        {
            while (!_sent || _open.Count > Interlocked.Read(ref _takenBack))
            {
                if (!await _arrivals.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false)) break;
                if (!_arrivals.Reader.TryRead(out Arrival arrival)) continue;
                Outcome outcome = Take(arrival);
                if (outcome.Answer is { } answer) yield return answer;
                // Whoever asks for the next has written this one.
                _open.GiveRoom(arrival.Room);
                if (outcome.Key is { } key) _open.Close(key);
                if (arrival.Delivery is { } delivery) await delivery.AckAsync().ConfigureAwait(false);
                if (outcome.Refusal is { } refusal) throw new PaliException(refusal);
            }

            await sending.ConfigureAwait(false);
            await Lost.TidyAsync(link, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (Task task in new[] { sending, takingBack, watching })
                await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _open.Dispose();

    private async Task<BrokerSession> OpenAsync(CancellationToken cancellationToken)
    {
        JobName job = options.Job;
        BrokerSession session = await BrokerSession.OpenAsync(
            options.Broker, job, $"paligguf batch, job {job.Name}", Prefetch, cancellationToken).ConfigureAwait(false);
        try
        {
            await session.LockAsync(cancellationToken).ConfigureAwait(false);
            if (_backlog < 0)
            {
                // Left by a run that was killed: what nobody has begun is sent anew, and what is answered is taken first.
                foreach (string queue in new[] { job.Items, job.Again })
                    await session.PurgeAsync(queue, cancellationToken).ConfigureAwait(false);
                _backlog = await session.CountAsync(job.Answers, cancellationToken).ConfigureAwait(false)
                    + await session.CountAsync(job.Failed, cancellationToken).ConfigureAwait(false);
                if (_backlog == 0) _caughtUp.TrySetResult();
            }

            foreach (string queue in new[] { job.Answers, job.Failed })
                await session.ConsumeAsync(queue, null, Arrived, cancellationToken).ConfigureAwait(false);
            Lost.Opened(session);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void Arrived(Delivery delivery) => _arrivals.Writer.TryWrite(new Arrival { Delivery = delivery });

    private async Task SendAllAsync(IAsyncEnumerable<WorkItem> items, BrokerLink link, CancellationToken stop)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stop, drain);
        try
        {
            await _caughtUp.Task.WaitAsync(either.Token).ConfigureAwait(false);
            await Parallel.ForEachAsync(
                items, new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = stop },
                async (item, cancelled) => await SendAsync(item, link, either.Token, cancelled).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (drain.IsCancellationRequested && !stop.IsCancellationRequested)
        {
        }

        _sent = true;
        _arrivals.Writer.TryWrite(default);
    }

    private async Task SendAsync(WorkItem item, BrokerLink link, CancellationToken begin, CancellationToken stop)
    {
        try
        {
            (string key, OpenItem open) = _sending.Of(item);
            (ItemAnswer? known, byte[] body) = await _sending.PrepareAsync(open, key, stop).ConfigureAwait(false);
            if (known is not null)
            {
                await _open.TakeRoomAsync(open.Room, begin).ConfigureAwait(false);
                _arrivals.Writer.TryWrite(new Arrival { Answer = known, Room = open.Room });
                return;
            }

            open = open with { Room = Math.Min(1 + (body.Length >> 16), options.Window) };
            await _open.TakeRoomAsync(open.Room, begin).ConfigureAwait(false);
            _open.Add(key, open);
            Lost.Watch.Stirs();
            await _sending.PublishAsync(link, key, body, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // It was not begun.
        }
    }

    // What waits in the queues when the job is interrupted nobody has begun; the next run sends it.
    private async Task TakeBackAsync(BrokerLink link, Task sending, CancellationToken stop)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stop, drain);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stop.IsCancellationRequested) return;
        await sending.ConfigureAwait(false);
        foreach (string queue in new[] { options.Job.Items, options.Job.Again })
        {
            uint count = await link.RunAsync(session => session.PurgeAsync(queue, stop), stop).ConfigureAwait(false);
            Interlocked.Add(ref _takenBack, count);
        }

        _arrivals.Writer.TryWrite(default);
    }

    private Outcome Take(Arrival arrival)
    {
        if (arrival.Delivery is not { } delivery)
            return arrival.Key is { } own && _open.Find(own) is null ? default : new Outcome(arrival.Answer, arrival.Key);
        long held = delivery.Number(MessageHeaders.Held);
        Lost.Watch.Answered(held > 0 ? TimeSpan.FromMilliseconds(Math.Min(held, int.MaxValue)) : null);
        if (_backlog > 0 && --_backlog == 0) _caughtUp.TrySetResult();
        string? key = delivery.Properties.CorrelationId;
        OpenItem? open = key is null ? null : _open.Find(key);
        if (delivery.Queue == options.Job.Failed)
        {
            string reason = delivery.Text(MessageHeaders.Reason) ?? "the broker gave it up: it came back too often without an answer.";
            if (open is null) options.Tell($"the queue '{delivery.Queue}' had something that is not asked: {reason}");
            return new Outcome(open?.Failed(reason), key);
        }

        try
        {
            AnswerMessage message = AnswerMessage.Read(delivery.Body);
            string[] differences = [.. options.Model.Differences(message.Model)];
            (key, open) = (message.Key, _open.Find(message.Key));
            if (open is not null && differences.Length > 0)
            {
                return new Outcome(Refusal: $"the worker {message.Worker} answers with another model than the job '{options.Job.Name}' asks "
                    + $"({string.Join("; ", differences)}): end it, or start it with that model.");
            }

            if (open is null && differences.Length == 0) _sending.Early.Add(message);
            return new Outcome(open is null ? null : message.ToAnswer(open.Item.Id, open.Item.Picture.Name, open.Questions), key);
        }
        catch (MessageException e)
        {
            if (open is null) options.Tell($"the queue '{delivery.Queue}' had a message that is no answer ({e.Message}); it is left out.");
            return new Outcome(open?.Failed($"the answer about it can not be read: {e.Message}."), key);
        }
    }

    // What comes in: a message, or an answer that needs none, with the room that it takes.
    private readonly record struct Arrival
    {
        public Delivery? Delivery { get; init; }

        public ItemAnswer? Answer { get; init; }

        public int Room { get; init; }

        /// <summary>What an answer without a message closes; null where it was not sent before.</summary>
        public string? Key { get; init; }
    }

    // What becomes of it: an answer that is written, the key that it closes, or why the job ends.
    private readonly record struct Outcome(ItemAnswer? Answer = null, string? Key = null, string? Refusal = null);
}
