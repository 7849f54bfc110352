namespace PaliGguf.Native.Work;

/// <summary>What was released and is not gone yet.</summary>
internal static class Departures
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<Task> Leaving = [];

    /// <summary>Watches something until it is gone.</summary>
    public static void Add(Task leaving)
    {
        if (leaving.IsCompleted) return;
        lock (Gate) Leaving.Add(leaving);
        _ = leaving.ContinueWith(Gone, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits until nothing is left.</summary>
    /// <param name="milliseconds">For how long at most; -1 for ever.</param>
    /// <returns>Whether nothing is.</returns>
    public static bool Wait(int milliseconds)
    {
        Task[] leaving;
        lock (Gate) leaving = [.. Leaving];
        if (leaving.Length == 0) return true;
        Task all = Task.WhenAll(leaving).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None,
            TaskScheduler.Default);
        return all.Wait(milliseconds);
    }

    private static void Gone(Task task)
    {
        lock (Gate) Leaving.Remove(task);
    }
}
