using System.Diagnostics;

namespace PaliGguf.Language;

/// <summary>
/// The one user of a context. Requests from any thread queue for it; each becomes one sequence. Prefixes are decoded one at a
/// time, the suffixes of all running sequences together, one token each per step.
/// </summary>
internal sealed class DecodeLoop : IDisposable
{
    private readonly TextContext _context;
    private readonly Queue<DecodeJob> _waiting = new();
    private readonly DecodeJob?[] _running;
    private readonly SequenceToken[] _step;
    private readonly object _gate = new();
    private readonly Thread _thread;
    private DecodeJob[] _inFlight = [];
    private volatile bool _disposed;

    public DecodeLoop(TextContext context, int sequences)
    {
        _context = context;
        _running = new DecodeJob?[sequences];
        _step = new SequenceToken[sequences];
        _thread = new Thread(Run) { IsBackground = true, Name = "PaliGguf decode loop" };
        _thread.Start();
    }

    /// <summary>Queues a request.</summary>
    public void Submit(DecodeJob job)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(PaliModel));
            _waiting.Enqueue(job);
            Monitor.PulseAll(_gate);
        }

        CancellationTokenRegistration registration = job.Cancellation.Register(OnCancelled);
        _ = job.Completion.ContinueWith(
            static (_, state) => ((CancellationTokenRegistration)state!).Dispose(), registration, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Ends all requests as cancelled, then the loop.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            _context.AbortRequested = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
    }

    private void Run()
    {
        while (!_disposed)
        {
            try
            {
                bool admitted = AdmitOne();
                bool stepped = Step();
                if (!admitted && !stepped) WaitForWork();
            }
            catch (Exception failure)
            {
                // The sequences' state is unknown now, so all that run fail; those that wait are served by an emptied context.
                for (int sequence = 0; sequence < _running.Length; sequence++) Leave(sequence, job => job.Fail(failure));
            }
        }

        for (int sequence = 0; sequence < _running.Length; sequence++) Leave(sequence, EndCancelled);
        lock (_gate)
        {
            while (_waiting.TryDequeue(out DecodeJob? job)) EndCancelled(job);
        }
    }

    /// <summary>Decodes the prefix of the next waiting request, if a sequence is free.</summary>
    private bool AdmitOne()
    {
        int sequence = Array.IndexOf(_running, null);
        DecodeJob? job;
        lock (_gate)
        {
            if (sequence < 0 || !_waiting.TryDequeue(out job)) return false;
        }

        _running[sequence] = job;
        long start = Stopwatch.GetTimestamp();
        if (Decode([job], () => _context.DecodePrefix(job.Prefix.Values, job.Prefix.Rows, sequence)) == DecodeStatus.Done)
        {
            job.PrefixDecoded(Stopwatch.GetElapsedTime(start), _context.Logits(job.Prefix.Rows - 1));
        }

        LeaveIfEnded(sequence);
        return true;
    }

    /// <summary>Decodes one token of each running sequence.</summary>
    private bool Step()
    {
        int count = 0;
        for (int sequence = 0; sequence < _running.Length; sequence++)
        {
            LeaveIfEnded(sequence);
            if (_running[sequence] is { } job) _step[count++] = job.Next(sequence);
        }

        if (count == 0) return false;
        DecodeJob[] jobs = Array.ConvertAll(_step[..count], token => _running[token.Sequence]!);
        if (Decode(jobs, () => _context.DecodeTokens(_step.AsSpan(0, count))) == DecodeStatus.Done)
        {
            for (int row = 0; row < count; row++) jobs[row].TokenDecoded(_context.Logits(row));
        }

        foreach (SequenceToken token in _step.AsSpan(0, count)) LeaveIfEnded(token.Sequence);
        return true;
    }

    private DecodeStatus Decode(DecodeJob[] jobs, Func<DecodeStatus> decode)
    {
        lock (_gate)
        {
            _inFlight = jobs;
            _context.AbortRequested = NobodyWaits();
        }

        try
        {
            return decode();
        }
        finally
        {
            lock (_gate)
            {
                _inFlight = [];
            }
        }
    }

    private void OnCancelled()
    {
        lock (_gate)
        {
            if (_inFlight.Length > 0) _context.AbortRequested = NobodyWaits();
            // The loop may be busy with another request's prefix for seconds.
            DropCancelledWaiting();
        }
    }

    private void WaitForWork()
    {
        lock (_gate)
        {
            while (!_disposed && _waiting.Count == 0) Monitor.Wait(_gate);
        }
    }

    private bool NobodyWaits() => _disposed || _inFlight.All(job => job.Cancellation.IsCancellationRequested);

    private void DropCancelledWaiting()
    {
        for (int remaining = _waiting.Count; remaining > 0; remaining--)
        {
            DecodeJob job = _waiting.Dequeue();
            if (job.Cancellation.IsCancellationRequested) EndCancelled(job);
            else _waiting.Enqueue(job);
        }
    }

    private void LeaveIfEnded(int sequence)
    {
        if (_running[sequence] is not { } job) return;
        if (job.Ended) Leave(sequence, finished => finished.Complete());
        else if (job.Cancellation.IsCancellationRequested || _disposed) Leave(sequence, EndCancelled);
    }

    private void Leave(int sequence, Action<DecodeJob> end)
    {
        if (_running[sequence] is not { } job) return;
        _running[sequence] = null;
        _context.Remove(sequence);
        end(job);
    }

    private static void EndCancelled(DecodeJob job)
    {
        job.Cancel();
        job.Complete();
    }
}
