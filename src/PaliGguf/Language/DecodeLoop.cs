using System.Diagnostics;
using PaliGguf.Interop;

namespace PaliGguf.Language;

/// <summary>
/// The one user of a context. Requests from any thread queue for it; each takes a sequence, and further ones for branches if it tries several
/// answers. Prefixes are decoded one at a time, the suffixes of all running sequences together, one token each per step.
/// </summary>
internal sealed class DecodeLoop : IDisposable
{
    // In place of a sequence's first row in the batch.
    private const int Waiting = -1;
    private const int Stepped = -2;

    private readonly TextContext _context;
    private readonly PrefixBuffer _prefix;
    private readonly ThreadGovernor? _governor;
    private readonly Queue<SequenceJob> _waiting = new();
    private readonly SequenceJob?[] _running;
    private readonly SequenceSet?[] _sequences;
    private readonly Stack<int> _branches;
    private readonly SequenceToken[] _step;
    private readonly int[] _firstRows;
    private readonly SequenceJob?[] _inFlight;
    private readonly object _gate = new();
    private readonly Thread _thread;
    private readonly ComputePriority _priority;
    private int _inFlightCount;
    private Exception? _failAll;
    private volatile bool _disposed;

    /// <param name="context">The context.</param>
    /// <param name="embeddings">The rows of the prompts' tokens.</param>
    /// <param name="sequences">How many requests run side by side.</param>
    /// <param name="governor">Chooses the number of threads; null to leave it as it is.</param>
    /// <param name="priority">Of its thread, and on Linux of those that it starts.</param>
    public DecodeLoop(
        TextContext context, TokenEmbeddings embeddings, int sequences, ThreadGovernor? governor = null,
        ComputePriority priority = ComputePriority.Normal)
    {
        _priority = priority;
        _governor = governor;
        _context = context;
        _prefix = new PrefixBuffer(embeddings);
        _running = new SequenceJob?[sequences];
        _sequences = new SequenceSet?[sequences];
        _branches = new Stack<int>(Enumerable.Range(sequences, context.Sequences - sequences));
        _step = new SequenceToken[context.Sequences];
        _firstRows = new int[sequences];
        _inFlight = new SequenceJob?[sequences];
        _thread = new Thread(Run) { IsBackground = true, Name = "PaliGguf decode loop" };
        _thread.Start();
    }

    /// <summary>Queues a request.</summary>
    public void Submit(SequenceJob job)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _waiting.Enqueue(job);
            Monitor.PulseAll(_gate);
        }

        CancellationTokenRegistration registration = job.Cancellation.Register(OnCancelled);
        _ = job.Completion.ContinueWith(
            static (_, state) => ((CancellationTokenRegistration)state!).Dispose(), registration, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Ends all requests, those that wait too, with a failure, as soon as the library lets go.</summary>
    public void FailAll(Exception failure)
    {
        lock (_gate)
        {
            _failAll = failure;
            _context.AbortRequested = true;
            Monitor.PulseAll(_gate);
        }
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
        ThreadPriorities.Apply(_priority);
        while (!_disposed)
        {
            try
            {
                FailIfAsked();
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
            while (_waiting.TryDequeue(out SequenceJob? job)) EndCancelled(job);
        }
    }

    /// <summary>Does what <see cref="FailAll"/> asks for.</summary>
    private void FailIfAsked()
    {
        lock (_gate)
        {
            if (_failAll is not { } failure) return;
            _failAll = null;
            while (_waiting.TryDequeue(out SequenceJob? job)) job.Fail(failure);
            // Those that run fail by it as by any other.
            throw failure;
        }
    }

    /// <summary>Decodes the prefix of the next waiting request, if there are sequences enough for it.</summary>
    private bool AdmitOne()
    {
        int sequence = Array.IndexOf(_running, null);
        SequenceJob? job;
        lock (_gate)
        {
            // Requests begin in their order, so none waits for ever behind those that need fewer sequences.
            if (sequence < 0 || !_waiting.TryPeek(out job) || job.Sequences - 1 > _branches.Count) return false;
            _waiting.Dequeue();
        }

        _running[sequence] = job;
        SequenceSet sequences = _sequences[sequence] = new SequenceSet(_context, [sequence, .. TakeBranches(job.Sequences - 1)]);
        long start = Stopwatch.GetTimestamp();
        ReadOnlySpan<float> rows = _prefix.Fill(job.Prefix);
        _context.Use(job.Adapters);
        _inFlight[0] = job;
        BeginDecode(1);
        DecodeStatus status;
        try
        {
            status = _context.DecodePrefix(rows, job.Prefix.Rows, sequence);
        }
        finally
        {
            EndDecode();
        }

        if (status == DecodeStatus.Done) job.PrefixDecoded(sequences, Stopwatch.GetElapsedTime(start), _context.Logits(job.Prefix.Rows - 1));
        LeaveIfEnded(sequence);
        return true;
    }

    /// <summary>
    /// Decodes one token of each running sequence: in one batch those with the same adapters, which act on the whole context. To switch costs a few percent of
    /// what a token does, so that the others need not wait for longer than one. In the steady state it takes no memory.
    /// </summary>
    private bool Step()
    {
        for (int sequence = 0; sequence < _running.Length; sequence++)
        {
            LeaveIfEnded(sequence);
            _firstRows[sequence] = _running[sequence] is null ? Stepped : Waiting;
        }

        bool stepped = false;
        for (int sequence = 0; sequence < _running.Length; sequence++)
        {
            if (_firstRows[sequence] != Waiting) continue;
            StepAll(_running[sequence]!.Adapters);
            stepped = true;
        }

        return stepped;
    }

    /// <summary>Decodes one token of each sequence that waits for its step and has some adapters.</summary>
    private void StepAll(AdapterSet adapters)
    {
        int jobs = 0, rows = 0;
        for (int sequence = 0; sequence < _running.Length; sequence++)
        {
            if (_firstRows[sequence] != Waiting || !_running[sequence]!.Adapters.Equals(adapters)) continue;
            _firstRows[sequence] = rows;
            _inFlight[jobs++] = _running[sequence];
            rows += _running[sequence]!.Next(_step.AsSpan(rows));
        }

        _context.Use(adapters);
        BeginDecode(jobs);
        DecodeStatus status;
        try
        {
            status = _context.DecodeTokens(_step.AsSpan(0, rows));
        }
        finally
        {
            EndDecode();
        }

        if (_governor is not null && status == DecodeStatus.Done)
        {
            _governor.Stepped(rows, _context.NativeTime);
            _context.Threads = _governor.Threads;
        }

        for (int sequence = 0; sequence < _running.Length; sequence++)
        {
            if (_firstRows[sequence] < 0) continue;
            if (status == DecodeStatus.Done) _running[sequence]!.TokensDecoded(new BatchLogits(_context, _firstRows[sequence]));
            _firstRows[sequence] = Stepped;
            LeaveIfEnded(sequence);
        }
    }

    private IEnumerable<int> TakeBranches(int count)
    {
        for (; count > 0; count--) yield return _branches.Pop();
    }

    /// <summary>From here on, cancelling all of the first few in <see cref="_inFlight"/> aborts the library's call.</summary>
    private void BeginDecode(int jobs)
    {
        lock (_gate)
        {
            _inFlightCount = jobs;
            _context.AbortRequested = NobodyWaits();
        }
    }

    private void EndDecode()
    {
        lock (_gate)
        {
            foreach (SequenceJob? job in _inFlight.AsSpan(0, _inFlightCount)) job!.NativeTime += _context.NativeTime;
            _inFlight.AsSpan(0, _inFlightCount).Clear();
            _inFlightCount = 0;
        }
    }

    private void OnCancelled()
    {
        lock (_gate)
        {
            if (_inFlightCount > 0) _context.AbortRequested = NobodyWaits();
            // The loop may be busy with another request's prefix for seconds.
            DropCancelledWaiting();
        }
    }

    private void WaitForWork()
    {
        lock (_gate)
        {
            while (!_disposed && _failAll is null && _waiting.Count == 0) Monitor.Wait(_gate);
        }
    }

    private bool NobodyWaits()
    {
        bool waits = false;
        foreach (SequenceJob? job in _inFlight.AsSpan(0, _inFlightCount)) waits |= !job!.Cancellation.IsCancellationRequested;
        return _disposed || _failAll is not null || !waits;
    }

    private void DropCancelledWaiting()
    {
        for (int remaining = _waiting.Count; remaining > 0; remaining--)
        {
            SequenceJob job = _waiting.Dequeue();
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

    private void Leave(int sequence, Action<SequenceJob> end)
    {
        if (_running[sequence] is not { } job) return;
        SequenceSet sequences = _sequences[sequence]!;
        for (int index = 0; index < sequences.Count; index++)
        {
            sequences.Clear(index);
            if (index > 0) _branches.Push(sequences[index]);
        }

        _running[sequence] = null;
        _sequences[sequence] = null;
        end(job);
    }

    private static void EndCancelled(SequenceJob job)
    {
        job.Cancel();
        job.Complete();
    }
}
