using System.Diagnostics;

namespace PaliGguf.Products;

/// <summary>
/// Threads of our own that compute an operation's parts together with the thread that calls for them. Unlike the library's, which wait for each other at every
/// node of a graph, they are never waited for before they have begun: who calls takes all parts that nobody else has taken yet.
/// So a thread whose core another program has takes no part, instead of holding up the others.
/// </summary>
internal sealed class Crew : IDisposable
{
    // What lies between two operations of ours in a graph is a few microseconds of the library's.
    private static readonly long SpinningPatience = Stopwatch.Frequency / 20_000;

    // What another thread takes to be there, so that one part after the other costs no sleep.
    private static readonly long YieldingPatience = Stopwatch.Frequency / 200_000;

    // How often a part that another thread computes is looked for before the core is offered to others.
    private const int LooksBeforeYield = 64;

    private readonly bool _spin;
    private readonly object _gate = new();
    private readonly List<Thread> _threads = [];
    private IParts? _work;
    private long _calls;
    private int _asleep;
    private volatile bool _ended;

    // The number of the call, its parts, and the next one to be taken, in 32, 16 and 16 bits: who takes a part takes it of this call.
    private long _state;
    private int _done;

    /// <param name="spin">Whether threads may wait for each other by spinning, for as long as what lies between two operations
    /// takes.</param>
    public Crew(bool spin = true) => _spin = spin;

    /// <summary>What is computed in parts, each once, in any order and on any thread.</summary>
    public interface IParts
    {
        void Compute(int part, int parts);
    }

    /// <summary>Computes all parts, and returns when they are done. One call at a time.</summary>
    /// <param name="work">What is computed.</param>
    /// <param name="parts">On so many threads at most, this one included.</param>
    public void Run(IParts work, int parts)
    {
        while (_threads.Count < parts - 1) Hire();
        _work = work;
        _done = 0;
        // A full fence: whoever falls asleep sees the parts, or is seen asleep.
        Interlocked.Exchange(ref _state, (++_calls << 32) | ((long)parts << 16));
        if (Volatile.Read(ref _asleep) > 0)
        {
            lock (_gate) Monitor.PulseAll(_gate);
        }

        while (TryComputePart())
        {
        }

        for (int looks = 0; Volatile.Read(ref _done) < parts; looks++)
        {
            if (_spin || looks < LooksBeforeYield) Thread.SpinWait(1);
            else Thread.Yield();
        }

        _work = null;
    }

    public void Dispose()
    {
        _ended = true;
        lock (_gate) Monitor.PulseAll(_gate);
        foreach (Thread thread in _threads) thread.Join();
    }

    private void Hire()
    {
        // On Linux, where a thread has the priority of the one that starts it, this says nothing.
        Thread thread = new(Live) { IsBackground = true, Name = "PaliGguf products", Priority = Thread.CurrentThread.Priority };
        thread.Start();
        _threads.Add(thread);
    }

    private void Live()
    {
        while (!_ended)
        {
            if (!TryComputePart()) Rest();
        }
    }

    private bool TryComputePart()
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            if (!HasParts(state)) return false;
            if (Interlocked.CompareExchange(ref _state, state + 1, state) != state) continue;
            _work!.Compute((ushort)state, (ushort)(state >> 16));
            Interlocked.Increment(ref _done);
            return true;
        }
    }

    private void Rest()
    {
        for (long until = Stopwatch.GetTimestamp() + (_spin ? SpinningPatience : YieldingPatience); Stopwatch.GetTimestamp() < until;)
        {
            if (HasParts(Volatile.Read(ref _state))) return;
            Thread.SpinWait(4);
        }

        lock (_gate)
        {
            Interlocked.Increment(ref _asleep);
            while (!_ended && !HasParts(Volatile.Read(ref _state))) Monitor.Wait(_gate);
            Interlocked.Decrement(ref _asleep);
        }
    }

    private static bool HasParts(long state) => (ushort)state < (ushort)(state >> 16);
}
