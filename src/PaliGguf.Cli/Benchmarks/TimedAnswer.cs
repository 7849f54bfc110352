using System.Diagnostics;
using PaliGguf.Language;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>A running answer, and when each of its tokens came.</summary>
internal sealed class TimedAnswer
{
    private readonly List<long> _times = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private readonly Lock _gate = new();
    private bool _ended;

    public TimedAnswer(Generation generation)
    {
        Result = generation.Result;
        End = ReadAsync(generation);
    }

    /// <summary>The whole answer.</summary>
    public Task<GenerationResult> Result { get; }

    /// <summary>Completes when no more tokens come; fails if the answer does.</summary>
    public Task End { get; }

    /// <summary>When a token came.</summary>
    /// <param name="token">0 for the first.</param>
    public long TimeOf(int token)
    {
        lock (_gate) return _times[token];
    }

    /// <summary>When the newest token came.</summary>
    public (int Count, long Last) Now()
    {
        lock (_gate) return (_times.Count, _times[^1]);
    }

    /// <summary>Waits until there are so many tokens.</summary>
    /// <exception cref="InferenceException">The answer ends before.</exception>
    public async Task ReachedAsync(int count, CancellationToken cancellationToken)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_times.Count >= count) return;
            if (!_ended) _waiting.Add((count, reached));
            else reached.SetResult();
        }

        await reached.Task.WaitAsync(cancellationToken);
        if (Now().Count >= count) return;
        await End;
        throw new InferenceException($"The answer ended after {Now().Count} tokens, and {count} are measured: choose fewer --tokens, or a longer --context.");
    }

    /// <summary>The tokens per second of those that came within a time.</summary>
    public double RateBetween(long from, long to)
    {
        lock (_gate)
        {
            long[] within = [.. _times.Where(time => time >= from && time <= to)];
            return within.Length < 2 ? 0 : (within.Length - 1) / Stopwatch.GetElapsedTime(within[0], within[^1]).TotalSeconds;
        }
    }

    private async Task ReadAsync(Generation generation)
    {
        try
        {
            await foreach (GeneratedToken _ in generation) Add(Stopwatch.GetTimestamp());
        }
        finally
        {
            lock (_gate)
            {
                _ended = true;
                foreach ((_, TaskCompletionSource reached) in _waiting) reached.SetResult();
                _waiting.Clear();
            }
        }
    }

    private void Add(long time)
    {
        lock (_gate)
        {
            _times.Add(time);
            foreach ((_, TaskCompletionSource reached) in _waiting.Where(waiting => waiting.Count <= _times.Count)) reached.SetResult();
            _waiting.RemoveAll(waiting => waiting.Count <= _times.Count);
        }
    }
}
