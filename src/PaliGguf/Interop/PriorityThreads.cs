using System.Diagnostics.CodeAnalysis;

namespace PaliGguf.Interop;

/// <summary>
/// Threads for work of less than normal priority, which those of the thread pool can not do, since they would keep it. Long work has a
/// thread of its own; the rest shares a few, of
/// which one that has had nothing to do for a while ends.
/// </summary>
internal sealed class PriorityThreads : TaskScheduler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly int Most = Math.Max(2, Environment.ProcessorCount);
    private static readonly PriorityThreads Low = new(ComputePriority.Low);
    private static readonly PriorityThreads Idle = new(ComputePriority.Idle);

    private readonly ComputePriority _priority;
    private readonly object _gate = new();
    private readonly Queue<Task> _waiting = new();
    private int _threads;
    private int _resting;

    private PriorityThreads(ComputePriority priority) => _priority = priority;

    /// <summary>Runs something that may wait for other work, for long too.</summary>
    public static Task<T> RunLongAsync<T>(ComputePriority priority, Func<T> function, CancellationToken cancellationToken) =>
        priority == ComputePriority.Normal
            ? Task.Run(function, cancellationToken)
            : Task.Factory.StartNew(function, cancellationToken,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler, For(priority));

    /// <summary>Runs something that waits for no other work.</summary>
    public static Task RunAsync(ComputePriority priority, Action action, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(action, cancellationToken, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler,
            For(priority));

    /// <summary>Begins something; what follows its first wait is left to the thread pool.</summary>
    public static Task RunAsync(ComputePriority priority, Func<Task> function) => Start(priority, function).Unwrap();

    /// <inheritdoc cref="RunAsync(ComputePriority, Func{Task})"/>
    public static Task<T> RunAsync<T>(ComputePriority priority, Func<Task<T>> function) => Start(priority, function).Unwrap();

    protected override void QueueTask(Task task)
    {
        if (task.CreationOptions.HasFlag(TaskCreationOptions.LongRunning))
        {
            Begin(() => TryExecuteTask(task));
            return;
        }

        lock (_gate)
        {
            _waiting.Enqueue(task);
            Monitor.Pulse(_gate);
            if (_waiting.Count <= _resting || _threads == Most) return;
            _threads++;
        }

        Begin(Live);
    }

    // Whoever waits for it keeps his own priority.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate) return [.. _waiting];
    }

    private static TaskScheduler For(ComputePriority priority) => priority switch
    {
        ComputePriority.Low => Low,
        ComputePriority.Idle => Idle,
        _ => Default,
    };

    private static Task<T> Start<T>(ComputePriority priority, Func<T> function) => Task.Factory.StartNew(
        function, CancellationToken.None, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler, For(priority));

    private void Begin(Action work)
    {
        Thread thread = new(() =>
        {
            ThreadPriorities.Apply(_priority);
            work();
        })
        {
            IsBackground = true,
            Name = "PaliGguf work",
        };
        thread.Start();
    }

    private void Live()
    {
        while (TryTake(out Task? task)) TryExecuteTask(task);
    }

    private bool TryTake([NotNullWhen(true)] out Task? task)
    {
        lock (_gate)
        {
            long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
            while (!_waiting.TryDequeue(out task))
            {
                long left = end - Environment.TickCount64;
                if (left <= 0)
                {
                    _threads--;
                    return false;
                }

                _resting++;
                Monitor.Wait(_gate, TimeSpan.FromMilliseconds(left));
                _resting--;
            }

            return true;
        }
    }
}
