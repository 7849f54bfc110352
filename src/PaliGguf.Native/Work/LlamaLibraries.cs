using PaliGguf.Interop;

namespace PaliGguf.Native.Work;

/// <summary>
/// llama.cpp's libraries, of which exit() runs destructors: before it does, the threads that compute have to have ended. What is registered
/// last is called first, and the libraries register some
/// when they are used for the first time.
/// </summary>
internal static unsafe class LlamaLibraries
{
    // A table of the C library, which grows.
    private const int MostWatches = 16;

    private static int _watches;

    /// <summary>Has the end of the process be watched, once more; null where it can not be.</summary>
    public static delegate* unmanaged<void> EndWithProcess { get; set; }

    /// <summary>Loads what is not loaded yet.</summary>
    /// <exception cref="NativeLibraryException">A library is missing, does not load, or is another build.</exception>
    public static LoadedLibraries Load()
    {
        LoadedLibraries libraries = NativeLibraries.Load();
        if (Volatile.Read(ref _watches) > 0) return libraries;
        // Makes the tables that a computation looks into.
        ComputeDevice.Cpu().BufferTypes();
        WatchEnd();
        return libraries;
    }

    /// <summary>To be called when something has been computed.</summary>
    public static void WatchEnd()
    {
        if (EndWithProcess is not null && Interlocked.Increment(ref _watches) <= MostWatches) EndWithProcess();
    }
}
