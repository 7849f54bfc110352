using System.Globalization;
using PaliGguf.Interop;

namespace PaliGguf.Memory;

/// <summary>What this machine has left.</summary>
public static class FreeMemory
{
    // What others may want meanwhile, and what an allocator wastes.
    private const double Reserve = 0.1;

    extension(MemoryLimits)
    {
        /// <summary>What is free on this machine now, less a tenth: main memory within the process's own limit (a container's, for
        /// example), and that of the first GPU.</summary>
        /// <exception cref="NativeLibraryException">The native libraries are missing or have another version.</exception>
        public static MemoryLimits Free()
        {
            long free = Math.Min(ComputeDevice.Cpu().Memory.Free, FreeInContainer());
            long? vram = ComputeDevice.All().FirstOrDefault(device => device.IsGpu)?.Memory.Free;
            // A limit is for the whole process, and what this one has is not free any more.
            return new MemoryLimits(Most(free + Environment.WorkingSet), vram is { } bytes ? Most(bytes) : null);
        }
    }

    /// <summary>What a control group leaves (memory.max and memory.current of version 2, as a container sees its own), where there is
    /// one.</summary>
    private static long FreeInContainer() =>
        Number("/sys/fs/cgroup/memory.max") is { } limit && Number("/sys/fs/cgroup/memory.current") is { } used
            ? Math.Max(limit - used, 0) : long.MaxValue;

    private static long? Number(string path)
    {
        try
        {
            // "max" stands for no limit.
            return File.Exists(path) && long.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out long number)
                ? number : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Most(long free) => (long)(free * (1 - Reserve));
}
