using System.Diagnostics;

namespace PaliGguf.Tests;

/// <summary>The physical memory of this process.</summary>
internal static class ResidentMemory
{
    /// <summary>Its bytes, when all garbage is gone.</summary>
    public static long Bytes()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        using Process self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
