using System.Diagnostics;

namespace PaliGguf.Server.Tests;

/// <summary>Waits for what happens on the other side.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        for (long start = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(10))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience) throw new TimeoutException("What was waited for did not happen.");
        }
    }
}
