using System.Diagnostics;
using System.Runtime.CompilerServices;
using RabbitMQ.Client;

namespace PaliGguf.Broker.Connections;

/// <summary>
/// Keeps a session with a broker: when one ends, another is opened, however long that takes. What waiting does not mend ends it, and
/// everything that waits for a session.
/// </summary>
internal sealed class BrokerLink : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200), LongestPause = TimeSpan.FromSeconds(5);

    // Within which a broker notices that the process that held something was killed.
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(2);

    // What is over before that nobody need know of.
    private static readonly TimeSpan Untold = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly BrokerAddress _address;
    private readonly JobName _job;
    private readonly Func<CancellationToken, Task<BrokerSession>> _open;
    private readonly Action<string> _tell;
    private readonly Task _keeping;
    private volatile TaskCompletionSource<BrokerSession> _session = NewSource();

    /// <param name="address">The broker.</param>
    /// <param name="job">The job.</param>
    /// <param name="open">Opens a session, and begins what is to be done in it.</param>
    /// <param name="tell">Told that the broker is gone, and that it is there again.</param>
    public BrokerLink(BrokerAddress address, JobName job, Func<CancellationToken, Task<BrokerSession>> open, Action<string> tell)
    {
        (_address, _job, _open, _tell) = (address, job, open, tell);
        _keeping = Task.Run(KeepAsync);
    }

    /// <summary>Ends when the link does; with an exception, where somebody has to mend something.</summary>
    public Task Completion => _keeping;

    /// <summary>Whether there is a session now.</summary>
    public bool IsOpen => _session.Task is { IsCompletedSuccessfully: true } task && !task.Result.Ended.IsCancellationRequested;

    /// <summary>The session, as soon as there is one.</summary>
    /// <exception cref="PaliException">Somebody has to mend something first.</exception>
    public Task<BrokerSession> SessionAsync(CancellationToken cancellationToken) => _session.Task.WaitAsync(cancellationToken);

    /// <summary>Sends a message, in as many sessions as it takes until a broker has it safe. It may be there twice then.</summary>
    public Task PublishAsync(string queue, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        RunAsync(
            async session =>
            {
                await session.PublishAsync(queue, properties, body, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>Does something with a session, and once more with the next where one ends meanwhile.</summary>
    public async Task<T> RunAsync<T>(Func<BrokerSession, Task<T>> action, CancellationToken cancellationToken)
    {
        while (true)
        {
            BrokerSession session = await SessionAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await action(session).ConfigureAwait(false);
            }
            catch (BrokerLostException)
            {
                // A broker may also refuse a message for a moment, and stay.
                await Task.Delay(FirstPause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Hands on what a task that nobody waits for ends with: the link's, or one that uses it.</summary>
    public static async Task TellFailureAsync(Task task, Action<Exception> tell)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            tell(failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static TaskCompletionSource<BrokerSession> NewSource()
    {
        TaskCompletionSource<BrokerSession> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // Nobody may have asked.
        _ = source.Task.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return source;
    }

    private async Task KeepAsync()
    {
        try
        {
            for (bool again = false; !_stop.IsCancellationRequested; again = true)
            {
                BrokerSession session = await OpenAsync(again).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable closing = session.ConfigureAwait(false);
                _session.TrySetResult(session);
                await EndAsync(session).ConfigureAwait(false);
                if (!_stop.IsCancellationRequested) _session = NewSource();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _session.TrySetCanceled(CancellationToken.None);
        }
        catch (Exception e)
        {
            _session.TrySetException(e);
            throw;
        }
    }

    private async Task<BrokerSession> OpenAsync(bool again)
    {
        bool told = false;
        long start = Stopwatch.GetTimestamp();
        for (TimeSpan pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)))
        {
            try
            {
                BrokerSession session = await _open(_stop.Token).ConfigureAwait(false);
                if (told) _tell($"{_address}: the broker is there.");
                return session;
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                // What was held in the last session may still be, until the broker has noticed its end.
                bool isLock = BrokerFailure.IsLock(e);
                bool mayPass = isLock && (again || Stopwatch.GetElapsedTime(start) < LockPatience);
                if (BrokerFailure.ToMend(e, _address, _job) is { } problem && !mayPass) throw problem;
                if (!told && (again || !isLock) && Stopwatch.GetElapsedTime(start) >= Untold)
                {
                    _tell($"{_address}: the broker can not be reached ({BrokerFailure.Describe(e)}); it is tried until it can.");
                    told = true;
                }
            }

            await Task.Delay(pause, _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task EndAsync(BrokerSession session)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(session.Ended, _stop.Token);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
