using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PaliGguf;

/// <summary>Files that can be read from end to end. A pipe would make its reader wait, for ever if nobody writes.</summary>
internal static partial class RegularFile
{
    private const int NotThere = 2, NoPermission = 13, NoFolder = 20;

    // ENXIO of all systems, and EOPNOTSUPP of macOS: what opening a socket or a device without a driver says.
    private const int NoSuchDevice = 6, NotSupported = 102;

    // O_RDONLY | O_NONBLOCK | O_CLOEXEC, fcntl.h of Linux (x64, arm64) and of macOS.
    private static readonly int ReadWithoutWaiting = OperatingSystem.IsMacOS() ? 0x0100_0004 : 0x0008_0800;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    /// <exception cref="IOException">It is a pipe, a socket or a device, or can not be read.</exception>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path)) throw new UnauthorizedAccessException($"{path} is a folder.");
        FileStream file = new(OperatingSystem.IsWindows() ? File.OpenHandle(path) : OpenOnUnix(path), FileAccess.Read, bufferSize: 1);

        // Of devices some can be sought in, such as /dev/zero: they have no length and yet something to read.
        if (file.CanSeek && (file.Length > 0 || file.ReadByte() < 0)) return file;
        file.Dispose();
        throw new SpecialFileException();
    }

    /// <summary>
    /// Whether a folder's entry is something else than a pipe, a socket or a device. What can not be opened may be anything.
    /// </summary>
    /// <param name="path">A path that is not of a folder. Links are followed.</param>
    public static bool IsOne(string path)
    {
        if (OperatingSystem.IsWindows()) return true;
        try
        {
            FileSystemInfo target = File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path);

            // The others have no length.
            if (target is FileInfo { Exists: true, Length: > 0 }) return true;
            Open(path).Dispose();
            return true;
        }
        catch (SpecialFileException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static SafeFileHandle OpenOnUnix(string path)
    {
        int descriptor = open(path, ReadWithoutWaiting);
        if (descriptor >= 0) return new SafeFileHandle(descriptor, ownsHandle: true);
        int error = Marshal.GetLastPInvokeError();
        string message = Marshal.GetPInvokeErrorMessage(error);
        throw error switch
        {
            NotThere or NoFolder => new FileNotFoundException(message, path),
            NoPermission => new UnauthorizedAccessException(message),
            NoSuchDevice or NotSupported => new SpecialFileException(),
            _ => new IOException(message),
        };
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    private sealed class SpecialFileException() : IOException("this is a pipe, a socket or a device, not a file");
}
