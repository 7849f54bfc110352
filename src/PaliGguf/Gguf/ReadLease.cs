using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PaliGguf.Gguf;

/// <summary>
/// Linux's read lease on an open file: whoever wants to write to the file or to shorten it waits until the lease is given back, or for
/// <see cref="LongestWait"/> (or is refused, if it asked not to wait). Only the owner of a file and root get one, on a local disk, and only
/// while nobody has the file open for writing.
/// </summary>
internal sealed partial class ReadLease
{
    // fcntl.h of Linux, the same for all its processors that .NET runs on.
    private const int SetOwner = 8;
    private const int SetSignal = 10;
    private const int SetLease = 1024;
    private const int GetLease = 1025;
    private const int ReadLock = 0;
    private const int NoLock = 2;

    // SIGURG does nothing where nobody asks for it. What the system sends unless told otherwise, SIGIO, would end the process.
    private const int Urgent = 23;

    // A file that nobody disposed is closed when it is collected, and so must not be held here.
    private static readonly ConditionalWeakTable<ReadLease, Action> Taken = [];

    // Kept for the life of the process, as the handler would go with it.
    private static readonly Lazy<PosixSignalRegistration> Signal = new(() => PosixSignalRegistration.Create((PosixSignal)Urgent, _ => LookAtAll()));

    private readonly SafeFileHandle _file;
    private readonly Action _wanted;

    private ReadLease(SafeFileHandle file, Action wanted) => (_file, _wanted) = (file, wanted);

    /// <summary>How long the system lets others wait, at most.</summary>
    public static TimeSpan LongestWait { get; } = ReadLongestWait();

    /// <summary>Whether it is held and nobody waits.</summary>
    public bool IsUndisturbed => fcntl(_file, GetLease, 0) == ReadLock;

    /// <summary>Takes a lease.</summary>
    /// <param name="file">Opened for reading only; it outlives the lease.</param>
    /// <param name="wanted">Called on any thread when somebody may be waiting.</param>
    /// <returns>Null where there is none to be had.</returns>
    public static ReadLease? TryTake(SafeFileHandle file, Action wanted)
    {
        if (!OperatingSystem.IsLinux()) return null;
        _ = Signal.Value;
        ReadLease lease = new(file, wanted);
        return lease.TryRenew() ? lease : null;
    }

    /// <summary>Takes it again after it was given back.</summary>
    /// <returns>False if somebody has the file open for writing.</returns>
    public bool TryRenew()
    {
        Taken.AddOrUpdate(this, _wanted);
        // Each time: the system forgets both with the lease. Unless told otherwise it signals the thread that took it, or nobody once that has ended.
        if (fcntl(_file, SetSignal, Urgent) == 0 && fcntl(_file, SetLease, ReadLock) == 0 && fcntl(_file, SetOwner, Environment.ProcessId) == 0)
        {
            return true;
        }

        GiveBack();
        return false;
    }

    /// <summary>Gives it back: who waits goes on.</summary>
    public void GiveBack()
    {
        Taken.Remove(this);
        _ = fcntl(_file, SetLease, NoLock);
    }

    private static void LookAtAll()
    {
        foreach ((_, Action wanted) in Taken) wanted();
    }

    private static TimeSpan ReadLongestWait()
    {
        try
        {
            // In seconds, and 0 for ever.
            if (int.Parse(File.ReadAllText("/proc/sys/fs/lease-break-time"), provider: null) is > 0 and var seconds) return TimeSpan.FromSeconds(seconds);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
        }

        return TimeSpan.FromSeconds(45);
    }

    [LibraryImport("libc")]
    private static partial int fcntl(SafeFileHandle file, int command, int value);
}
