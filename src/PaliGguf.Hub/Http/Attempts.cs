namespace PaliGguf.Hub.Http;

/// <summary>
/// Waits before another attempt: twice as long each time, or as long as the server asks. What has come on since the last interruption
/// starts the count anew.
/// </summary>
/// <param name="options">How waiting is done.</param>
/// <param name="waiting">Told why it is waited, and for how long; null where nobody wants to know.</param>
internal sealed class Attempts(HubOptions options, Action<string>? waiting)
{
    /// <summary>How often in a row an attempt may be interrupted before it is given up.</summary>
    public const int Most = 6;

    // So little may come each time that a server which always breaks off would be asked for ever.
    private const long EnoughBytes = 64 * 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    private int _interruptions;
    private long _bytes;

    /// <summary>Tells of bytes that have arrived.</summary>
    public void Progress(int bytes)
    {
        _bytes += bytes;
        if (_bytes >= EnoughBytes) _interruptions = 0;
    }

    /// <summary>Waits after an interruption.</summary>
    /// <exception cref="HubException">It was one too many, or the server asks for too long a wait.</exception>
    public async Task WaitAsync(Interruption interruption, CancellationToken cancellationToken)
    {
        _bytes = 0;
        if (++_interruptions == Most)
        {
            throw new HubException(
                $"{interruption.Message}; given up after {Most} attempts: run the command again later, what has arrived is kept",
                    interruption);
        }

        TimeSpan wait = interruption.Wait ?? TimeSpan.FromSeconds((1 << (_interruptions - 1)) * (1 + (0.25 * Random.Shared.NextDouble())));
        if (wait > LongestWait)
        {
            throw new HubException(
                $"{interruption.Message}, and asks to wait for {wait.TotalMinutes:0} minutes: run the command again then", interruption);
        }

        waiting?.Invoke($"{interruption.Message}: another attempt in {Math.Max(1, wait.TotalSeconds):0} s");
        await options.Pause(wait, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does something until it is not interrupted.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (; ; )
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (Interruption interruption)
            {
                await WaitAsync(interruption, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
