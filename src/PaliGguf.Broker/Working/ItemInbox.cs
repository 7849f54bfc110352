using System.Diagnostics;
using System.Threading.Channels;
using PaliGguf.Broker.Connections;

namespace PaliGguf.Broker.Working;

/// <summary>
/// The messages of a job as they come to a worker. Those that came back from workers lie in a queue of their own, and are taken one at a
/// time, at the moment when one can be begun: so each delivery of them is a try.
/// </summary>
/// <param name="job">The job.</param>
internal sealed class ItemInbox(JobName job)
{
    // How long something that came back may lie while others come in.
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1);

    // Null is a call to look.
    private readonly Channel<Delivery?> _fresh = Channel.CreateUnbounded<Delivery?>(new UnboundedChannelOptions { SingleReader = true });
    private long _looked;

    /// <summary>Takes what is delivered.</summary>
    public void Add(Delivery delivery) => _fresh.Writer.TryWrite(delivery);

    /// <summary>Ends it with the link's failure.</summary>
    public void Fail(Exception failure) => _fresh.Writer.TryComplete(failure);

    /// <summary>Looks for what came back at once.</summary>
    public void LookAgain()
    {
        Interlocked.Exchange(ref _looked, 0);
        _fresh.Writer.TryWrite(null);
    }

    /// <summary>The next message.</summary>
    /// <param name="link">The broker.</param>
    /// <param name="mayTry">Whether one that came back may be begun now.</param>
    /// <param name="drain">Ends the waiting.</param>
    /// <returns>It; null when the worker is to end.</returns>
    /// <exception cref="PaliException">Somebody has to mend something first.</exception>
    public async Task<Delivery?> NextAsync(BrokerLink link, Func<bool> mayTry, CancellationToken drain)
    {
        while (!drain.IsCancellationRequested)
        {
            if (mayTry() && IsDue() && await LookAsync(link, drain).ConfigureAwait(false) is { } back)
            {
                return back;
            }

            using CancellationTokenSource until = CancellationTokenSource.CreateLinkedTokenSource(drain);
            until.CancelAfter(LookPeriod);
            try
            {
                Delivery? next = await _fresh.Reader.ReadAsync(until.Token).ConfigureAwait(false);
                // What a session has delivered comes again when it is over.
                if (next is { Session.Ended.IsCancellationRequested: false }) return next;
            }
            catch (OperationCanceledException) when (until.IsCancellationRequested)
            {
            }
            catch (ChannelClosedException e) when (e.InnerException is PaliException problem)
            {
                throw new PaliException(problem.Message, problem);
            }
        }

        return null;
    }

    private bool IsDue()
    {
        long looked = Interlocked.Read(ref _looked);
        if (looked != 0 && Stopwatch.GetElapsedTime(looked) < LookPeriod) return false;
        Interlocked.Exchange(ref _looked, Stopwatch.GetTimestamp());
        return true;
    }

    private async Task<Delivery?> LookAsync(BrokerLink link, CancellationToken drain)
    {
        if (!link.IsOpen) return null;
        try
        {
            BrokerSession session = await link.SessionAsync(drain).ConfigureAwait(false);
            return await session.GetAsync(job.Again, drain).ConfigureAwait(false);
        }
        catch (Exception e) when (e is BrokerLostException or OperationCanceledException)
        {
            return null;
        }
    }
}
