using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PaliGguf.Imaging;

namespace PaliGguf.Cli.Mcp;

/// <summary>Opens files that can be read from end to end: a pipe would make its reader wait, for ever if nobody writes.</summary>
internal static partial class RegularFile
{
    private const int NotThere = 2, NoPermission = 13, NoFolder = 20;

    // O_RDONLY | O_NONBLOCK | O_CLOEXEC, fcntl.h of Linux (x64, arm64) and of macOS.
    private static readonly int ReadWithoutWaiting = OperatingSystem.IsMacOS() ? 0x0100_0004 : 0x0008_0800;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="ImageException">It is not there, may not be read, or is a folder or a pipe.</exception>
    public static FileStream Open(string path, string name)
    {
        if (Directory.Exists(path)) throw new ImageException(name, "this is a folder, not an image file");
        FileStream file = new(OperatingSystem.IsWindows() ? OpenOnWindows(path, name) : OpenOnUnix(path, name), FileAccess.Read, bufferSize: 1);
        if (file.CanSeek) return file;
        file.Dispose();
        throw new ImageException(name, "this is a pipe or a device, not a file");
    }

    private static SafeFileHandle OpenOnUnix(string path, string name)
    {
        int descriptor = open(path, ReadWithoutWaiting);
        if (descriptor >= 0) return new SafeFileHandle(descriptor, ownsHandle: true);
        int error = Marshal.GetLastPInvokeError();
        throw new ImageException(name, error switch
        {
            NotThere or NoFolder => "there is no such file",
            NoPermission => "no permission to read this file",
            _ => $"the file can not be read ({Marshal.GetPInvokeErrorMessage(error)})",
        });
    }

    private static SafeFileHandle OpenOnWindows(string path, string name)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ImageException(name, failure is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : $"the file can not be read ({failure.Message})", failure);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);
}
