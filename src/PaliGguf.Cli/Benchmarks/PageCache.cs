using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>What the system keeps of files in memory. To drop it takes no privileges on Linux; elsewhere it does.</summary>
internal static partial class PageCache
{
    private const int DontNeed = 4;
    private const double Negligible = 0.05;

    /// <summary>Reads files, so that they are in memory as far as there is room.</summary>
    public static void Fill(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        byte[] piece = new byte[1 << 20];
        foreach (string path in paths)
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
            while (file.Read(piece) > 0) cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Makes the system forget files.</summary>
    /// <returns>Why that was not possible; null if it was.</returns>
    public static string? Drop(IEnumerable<string> paths)
    {
        if (!OperatingSystem.IsLinux()) return "this system drops files from memory for privileged users only";
        foreach (string path in paths)
        {
            using SafeFileHandle file = File.OpenHandle(path);
            _ = posix_fadvise(file, 0, 0, DontNeed);
            if (Resident(path) > Negligible) return $"{path} stays in memory: it lies on a memory disk, is in use, or belongs to somebody else";
        }

        return null;
    }

    /// <summary>The part of a file that is in memory, 0 to 1; 1 where the system does not tell.</summary>
    private static unsafe double Resident(string path)
    {
        using MemoryMappedFile mapped = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        using MemoryMappedViewAccessor view = mapped.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            byte[] pages = new byte[(view.Capacity + Environment.SystemPageSize - 1) / Environment.SystemPageSize];
            fixed (byte* states = pages)
            {
                if (mincore(start, (nuint)view.Capacity, states) != 0) return 1;
            }

            return (double)pages.Count(state => (state & 1) != 0) / pages.Length;
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    [LibraryImport("libc")]
    private static partial int posix_fadvise(SafeFileHandle file, long offset, long length, int advice);

    [LibraryImport("libc")]
    private static unsafe partial int mincore(void* start, nuint length, byte* states);
}
