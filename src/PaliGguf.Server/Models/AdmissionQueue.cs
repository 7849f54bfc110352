using System.Diagnostics;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Models;

/// <summary>Lets so many requests run at once and so many wait, in their order, and refuses the others.</summary>
/// <param name="most">How many may wait.</param>
internal sealed class AdmissionQueue(int most) : IDisposable
{
    // Of how long requests take, the later ones count more.
    private const double Memory = 0.9;

    private readonly Lock _gate = new();
    private SemaphoreSlim? _places;
    private int _capacity = 1;
    private int _waiting;
    private int _running;
    private double _seconds = 1;

    /// <summary>How many requests run.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>How many wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Opens it, once.</summary>
    /// <param name="capacity">How many requests may run at once.</param>
    public void Open(int capacity) => (_capacity, _places) = (capacity, new SemaphoreSlim(capacity));

    /// <summary>Refuses a request early, before its body is read, where it would be refused anyway.</summary>
    /// <exception cref="RejectionException">The queue is full.</exception>
    public void RequireRoom()
    {
        if (Waiting >= most && Running >= _capacity) throw Full();
    }

    /// <summary>Waits for a place.</summary>
    /// <returns>The place; disposing it frees it.</returns>
    /// <exception cref="RejectionException">The queue is full.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        SemaphoreSlim places = _places!;
        if (!places.Wait(0, CancellationToken.None))
        {
            if (Interlocked.Increment(ref _waiting) > most)
            {
                Interlocked.Decrement(ref _waiting);
                throw Full();
            }

            try
            {
                await places.WaitAsync(cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }

        Interlocked.Increment(ref _running);
        return new Place(this);
    }

    public void Dispose() => _places?.Dispose();

    private RejectionException Full()
    {
        double seconds;
        lock (_gate) seconds = _seconds * (Waiting + 1) / _capacity;
        return Rejection.TooMany("queue_full", $"{Running} requests run and {Waiting} wait, and no more may.", TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 60)));
    }

    private void Leave(TimeSpan taken)
    {
        lock (_gate) _seconds = (Memory * _seconds) + ((1 - Memory) * taken.TotalSeconds);
        Interlocked.Decrement(ref _running);
        _places!.Release();
    }

    private sealed class Place(AdmissionQueue queue) : IDisposable
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) queue.Leave(Stopwatch.GetElapsedTime(_start));
        }
    }
}
