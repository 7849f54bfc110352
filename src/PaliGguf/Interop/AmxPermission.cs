using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>
/// The permission to use AMX, which Linux gives a process that asks for it (Documentation/arch/x86/xstate.rst): the state of a thread
/// grows by 8 KiB then.
/// </summary>
internal static partial class AmxPermission
{
    private const nint ArchPrctl = 158;
    private const nint RequestPermission = 0x1023;
    private const nint TileData = 18;

    private static readonly Lazy<bool> Answer =
        new(() => OperatingSystem.IsLinux() && syscall(ArchPrctl, RequestPermission, TileData) == 0);

    /// <summary>Whether the process has it; asks once.</summary>
    public static bool Granted => Answer.Value;

    [LibraryImport("libc")]
    private static partial nint syscall(nint number, nint first, nint second);
}
