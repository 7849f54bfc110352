using System.Runtime.CompilerServices;

namespace PaliGguf;

/// <summary>
/// Works on any number of items side by side, and gives what became of them in their order. Only as many as are worked on are taken from
/// the source, so the memory does not grow with their number; what is done is given while the source has nothing new.
/// </summary>
internal static class EachPipeline
{
    /// <summary>Works on items.</summary>
    /// <param name="items">The items; taken as they are needed.</param>
    /// <param name="atOnce">How many are worked on at once, at least 1.</param>
    /// <param name="open">The first part of the work: for one item at a time, in their order, on any thread.</param>
    /// <param name="work">The rest of it, side by side.</param>
    /// <param name="cancellationToken">Ends everything with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The outcome of each item. One that fails does not end the others.</returns>
    public static async IAsyncEnumerable<(T Item, TResult? Result, Exception? Failure)> RunAsync<T, TOpened, TResult>(
        IAsyncEnumerable<T> items, int atOnce, Func<T, CancellationToken, ValueTask<TOpened>> open, Func<TOpened, CancellationToken,
        Task<TResult>> work,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TResult : class
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Queue<Task<(T, TResult?, Exception?)>> started = new();
        Task opened = Task.CompletedTask;
        Task<bool>? next = null;
        IAsyncEnumerator<T> source = items.GetAsyncEnumerator(stop.Token);
        try
        {
            bool more = true;
            while (true)
            {
                while (more && started.Count < atOnce)
                {
                    next ??= source.MoveNextAsync().AsTask();
                    if (started.Count > 0) await Task.WhenAny(next, started.Peek()).ConfigureAwait(false);
                    if (started.Count > 0 && !next.IsCompleted) break;
                    more = await next.ConfigureAwait(false);
                    next = null;
                    if (more) Start(source.Current);
                }

                if (started.Count == 0) yield break;
                (T, TResult?, Exception?) outcome = await started.Dequeue().ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                yield return outcome;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (Task<(T, TResult?, Exception?)> left in started) await left.ConfigureAwait(false);
            if (next is not null) await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await source.DisposeAsync().ConfigureAwait(false);
        }

        void Start(T item)
        {
            TaskCompletionSource own = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task before = opened;
            started.Enqueue(Task.Run(() => WorkAsync(item, before, own), CancellationToken.None));
            opened = own.Task;
        }

        async Task<(T, TResult?, Exception?)> WorkAsync(T item, Task before, TaskCompletionSource own)
        {
            try
            {
                TOpened content;
                try
                {
                    await before.ConfigureAwait(false);
                    content = await open(item, stop.Token).ConfigureAwait(false);
                }
                finally
                {
                    own.SetResult();
                }

                return (item, await work(content, stop.Token).ConfigureAwait(false), null);
            }
            catch (Exception failure)
            {
                return (item, null, failure);
            }
        }
    }
}
