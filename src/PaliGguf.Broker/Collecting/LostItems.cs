using PaliGguf.Batch.Results;
using PaliGguf.Broker.Connections;

namespace PaliGguf.Broker.Collecting;

/// <summary>
/// Sends again what is neither with the broker nor with a worker: somebody has emptied or deleted a queue of the job while it runs.
/// </summary>
/// <param name="options">The job.</param>
/// <param name="sending">Sends.</param>
/// <param name="open">What is out.</param>
internal sealed class LostItems(CollectorOptions options, ItemSending sending, OpenWork open)
{
    // As many as read and send at once.
    private const int Senders = 8;

    // How often is looked while nothing comes.
    private const int LooksInPatience = 15;

    private BrokerSession? _session;
    private volatile bool _itemsDeleted, _sentAgain;

    /// <summary>Judges.</summary>
    public LossWatch Watch { get; } = new(options.Patience, TimeProvider.System);

    /// <summary>Whether something has come that was not looked at.</summary>
    public required Func<bool> IsBusy { get; init; }

    /// <summary>Takes what became of an item that can not be sent again, and its key.</summary>
    public required Action<ItemAnswer, string> Known { get; init; }

    /// <summary>Told that nothing more comes, where the job is to end.</summary>
    public required Action LostAtTheEnd { get; init; }

    /// <summary>Takes the session that is used from now on.</summary>
    public void Opened(BrokerSession session)
    {
        _itemsDeleted |= _session?.Deleted == options.Job.Items;
        _session = session;
        Watch.Stirs();
    }

    /// <summary>Sees to it that what is out is somewhere, until it is to end.</summary>
    /// <param name="link">The broker.</param>
    /// <param name="drain">The job is to end: what is lost is left to the next run.</param>
    /// <param name="stop">Ends it.</param>
    public async Task WatchAsync(BrokerLink link, CancellationToken drain, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(options.Patience / LooksInPatience, stop).ConfigureAwait(false);
            if (open.Count == 0 || IsBusy())
            {
                Watch.Stirs();
                continue;
            }

            (long waiting, long workers) = await link.RunAsync(session => LookAsync(session, stop), stop).ConfigureAwait(false);
            if (!Watch.IsLost(waiting, workers) && !_itemsDeleted) continue;
            _itemsDeleted = false;
            if (drain.IsCancellationRequested)
            {
                LostAtTheEnd();
                return;
            }

            if (!await ComesAfterAllAsync(link, stop).ConfigureAwait(false)) await SendAgainAsync(link, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Removes what was sent twice and answered once: it would be asked for nobody.</summary>
    public async Task TidyAsync(BrokerLink link, CancellationToken cancellationToken)
    {
        if (!_sentAgain || !link.IsOpen) return;
        BrokerSession session = await link.SessionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (string queue in new[] { options.Job.Items, options.Job.Again })
                await session.PurgeAsync(queue, cancellationToken).ConfigureAwait(false);
        }
        catch (BrokerLostException)
        {
        }
    }

    // Where a queue is deleted and somebody makes it again at once, a broker may go on delivering into a consumer that gets nothing of it
    // (RabbitMQ 3.10).
    private async Task<bool> ComesAfterAllAsync(BrokerLink link, CancellationToken stop)
    {
        int before = open.Count;
        BrokerSession old = await link.SessionAsync(stop).ConfigureAwait(false);
        await old.EndAsync().ConfigureAwait(false);
        (long waiting, _) = await link.RunAsync(session => LookAsync(session, stop), stop).ConfigureAwait(false);
        await Task.Delay(options.Patience / LooksInPatience, stop).ConfigureAwait(false);
        return waiting > 0 || IsBusy() || open.Count < before;
    }

    private async Task<(long Waiting, long Workers)> LookAsync(BrokerSession session, CancellationToken stop)
    {
        (long waiting, long workers) = await session.LookAsync(options.Job.Items, stop).ConfigureAwait(false);
        foreach (string queue in new[] { options.Job.Again, options.Job.Answers, options.Job.Failed })
            waiting += await session.CountAsync(queue, stop).ConfigureAwait(false);
        return (waiting, workers);
    }

    private async Task SendAgainAsync(BrokerLink link, CancellationToken stop)
    {
        _sentAgain = true;
        // What is there still would be asked twice.
        await link.RunAsync(session => session.PurgeAsync(options.Job.Items, stop), stop).ConfigureAwait(false);
        IReadOnlyList<KeyValuePair<string, OpenItem>> all = open.All();
        options.Tell($"{all.Count} pictures of the job '{options.Job.Name}' are not answered, and neither its queues nor, as it seems, "
            + "workers have them: somebody has emptied or deleted a queue. They are sent again.");
        await Parallel.ForEachAsync(
            all, new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = stop },
            async (one, cancelled) => await SendAgainAsync(link, one.Key, one.Value, cancelled).ConfigureAwait(false)).ConfigureAwait(false);
        Watch.Stirs();
    }

    private async Task SendAgainAsync(BrokerLink link, string key, OpenItem item, CancellationToken stop)
    {
        if (open.Find(key) is null) return;
        (ItemAnswer? known, byte[] body) = await sending.PrepareAsync(item, key, stop).ConfigureAwait(false);
        if (known is null) await sending.PublishAsync(link, key, body, stop).ConfigureAwait(false);
        else Known(known, key);
    }
}
