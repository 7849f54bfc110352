using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>
/// The priority of the calling thread. On Linux the threads that it starts have it too, those of the libraries among them, and without
/// privileges none can take it back: so it is for threads that
/// live for nothing else. .NET's own property is of no effect there.
/// </summary>
internal static unsafe partial class ThreadPriorities
{
    private const int ProcessPriority = 0;
    private const int SchedIdle = 5;
    private const int LowNice = 10;

    /// <summary>Lowers it, where the system lets a program do so.</summary>
    public static void Apply(ComputePriority priority)
    {
        if (priority == ComputePriority.Normal) return;
        if (OperatingSystem.IsLinux())
        {
            int none = 0;
            // 0 is the calling thread, not the process. What is refused stays as it was: it is a favour to others.
            if (priority == ComputePriority.Idle && sched_setscheduler(0, SchedIdle, &none) == 0) return;
            _ = setpriority(ProcessPriority, 0, LowNice);
        }
        else if (OperatingSystem.IsWindows())
        {
            Thread.CurrentThread.Priority = priority == ComputePriority.Low ? ThreadPriority.BelowNormal : ThreadPriority.Lowest;
        }
    }

    [LibraryImport("libc")]
    private static partial int setpriority(int which, uint who, int value);

    [LibraryImport("libc")]
    private static partial int sched_setscheduler(int thread, int policy, int* parameters);
}
