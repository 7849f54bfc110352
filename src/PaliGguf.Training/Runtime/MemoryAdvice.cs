using System.Runtime.InteropServices;

namespace PaliGguf.Training.Runtime;

/// <summary>Keeps what the process holds to what it needs, on Linux; elsewhere nothing happens.</summary>
internal static unsafe partial class MemoryAdvice
{
    private const int NotNeeded = 4;
    private const int MapThreshold = -3, MostArenas = -8;
    private const int LargestKept = 1 << 20, Arenas = 2;

    /// <summary>
    /// Lets large blocks go back to the system as soon as they are freed. The C library would keep them, in several heaps: a gigabyte
    /// after a step of a large model. Small models are faster without.
    /// </summary>
    public static void ReturnFreedBlocks()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = mallopt(MapThreshold, LargestKept);
            _ = mallopt(MostArenas, Arenas);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc has no such habits.
        }
    }

    /// <summary>
    /// Takes pages of a mapped file out of the process; they stay with the system as long as it has room, and come back when they are
    /// read.
    /// </summary>
    /// <param name="bytes">Mapped bytes; what shares pages with others stays.</param>
    public static void Release(ReadOnlySpan<byte> bytes)
    {
        if (!OperatingSystem.IsLinux()) return;
        fixed (byte* start = bytes)
        {
            nuint page = (nuint)Environment.SystemPageSize;
            nuint first = ((nuint)start + page - 1) / page * page;
            nuint end = ((nuint)start + (nuint)bytes.Length) / page * page;
            if (end > first) _ = madvise((void*)first, end - first, NotNeeded);
        }
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc")]
    private static partial int madvise(void* start, nuint length, int advice);
}
