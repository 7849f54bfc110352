using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>
/// Memory that is about to be filled, in large pages: the system clears and maps 2 MiB at once instead of 512 pages one by one, each of
/// which interrupts who fills them. Linux alone is to be asked, which may say no.
/// </summary>
internal static unsafe partial class LargePages
{
    private const nuint PageBytes = 2 << 20;
    private const int HugePages = 14;

    /// <summary>Asks for them, as far as they lie within.</summary>
    /// <param name="memory">Where it begins.</param>
    /// <param name="length">Its bytes.</param>
    public static void AskFor(void* memory, nuint length)
    {
        if (!OperatingSystem.IsLinux()) return;
        nuint begin = ((nuint)memory + PageBytes - 1) & ~(PageBytes - 1), end = ((nuint)memory + length) & ~(PageBytes - 1);
        if (begin < end) _ = madvise((void*)begin, end - begin, HugePages);
    }

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);
}
