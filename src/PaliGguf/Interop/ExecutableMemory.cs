using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>
/// Machine code that was made at run time: its memory is written first, and then executable and not writable any more. Linux, macOS and
/// Windows.
/// </summary>
internal sealed unsafe partial class ExecutableMemory : SafeHandle
{
    private const int ReadWrite = 3;
    private const int ReadExecute = 5;
    private const int WindowsReadWrite = 0x04;
    private const int WindowsExecuteRead = 0x20;
    private const int CommitAndReserve = 0x3000;
    private const int Release = 0x8000;
    private readonly nuint _length;

    /// <param name="code">The code; position-independent.</param>
    /// <exception cref="NotSupportedException">The system does not allow it.</exception>
    public ExecutableMemory(ReadOnlySpan<byte> code)
        : base(0, ownsHandle: true)
    {
        _length = (nuint)code.Length;
        void* memory = OperatingSystem.IsWindows() ? VirtualAlloc(null, _length, CommitAndReserve, WindowsReadWrite) : Map(_length);
        if (memory is null) throw Refused();
        SetHandle((nint)memory);
        code.CopyTo(new Span<byte>(memory, code.Length));
        if (OperatingSystem.IsWindows() ? VirtualProtect(memory, _length, WindowsExecuteRead, out _) != 0
            : mprotect(memory, _length, ReadExecute) == 0)
        {
            return;
        }

        Dispose();
        throw Refused();
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The code's address, valid until this is disposed.</summary>
    public byte* Start => (byte*)handle;

    protected override bool ReleaseHandle() =>
        OperatingSystem.IsWindows() ? VirtualFree((void*)handle, 0, Release) != 0 : munmap((void*)handle, _length) == 0;

    private static void* Map(nuint length)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            throw new NotSupportedException("There is no way of making code at run time on this system.");
        // MAP_PRIVATE and MAP_ANONYMOUS.
        void* memory = mmap(null, length, ReadWrite, OperatingSystem.IsMacOS() ? 0x1002 : 0x22, -1, 0);
        return (nint)memory == -1 ? null : memory;
    }

    private static NotSupportedException Refused() =>
        new($"The system allows no code made at run time (error {Marshal.GetLastPInvokeError()}).");

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mprotect(void* address, nuint length, int protection);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(void* address, nuint length);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial void* VirtualAlloc(void* address, nuint length, int type, int protection);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int VirtualProtect(void* address, nuint length, int protection, out int before);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int VirtualFree(void* address, nuint length, int type);
}
