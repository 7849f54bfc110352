using System.Runtime.InteropServices;
using PaliGguf.Interop;
using PaliGguf.Memory;
using PaliGguf.Native.Calls;
using PaliGguf.Native.Layouts;
using PaliGguf.Native.Work;
using PaliGguf.Products;

namespace PaliGguf.Native;

/// <summary>The functions of paligguf.h about the library as a whole.</summary>
internal static unsafe class LibraryExports
{
    // A step of the decoder, or a picture in the tower, is given up within this.
    private const int LongestEnd = 10_000;

    /// <summary>The first call.</summary>
    /// <param name="file">The library itself.</param>
    /// <param name="endWithProcess">Has <see cref="End"/> be called by exit().</param>
    [UnmanagedCallersOnly(EntryPoint = "managed_start")]
    public static int Start(byte* file, delegate* unmanaged<void> endWithProcess)
    {
        try
        {
            LlamaLibraries.EndWithProcess = endWithProcess;
            if (Texts.In(file, 0, "file") is { } path)
            {
                NativeFolders.OwnFolder = Path.GetDirectoryName(NativeFolders.Resolve(Path.GetFullPath(path)));
            }

            return (int)Status.Ok;
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    /// <summary>The process ends: nothing may be computed any more.</summary>
    [UnmanagedCallersOnly(EntryPoint = "managed_end")]
    public static void End()
    {
        try
        {
            foreach (IHandled item in Handles.Table.All()) Departures.Add(item.DisposeAsync().AsTask());
            Departures.Wait(LongestEnd);
        }
        catch (Exception failure)
        {
            Failures.Keep(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_describe")]
    public static int Describe(byte* buffer, nuint capacity, nuint* length)
    {
        try
        {
            LoadedLibraries llama = LlamaLibraries.Load();
            string text = $"PaliGguf {PaliGgufVersion()}, llama.cpp {llama.Build.Version} in {llama.Folder}, "
                + $"products by {ProductProcessor.Name(ProductProcessor.Opened)}";
            return (int)Texts.Out(text, buffer, capacity, length);
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_last_error")]
    public static int LastError(byte* buffer, nuint capacity, nuint* length)
    {
        try
        {
            return (int)Texts.Out(Failures.Last, buffer, capacity, length);
        }
        catch (Exception failure)
        {
            // What it told of stays.
            return (int)Failures.StatusOf(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_settle")]
    public static int Settle(int milliseconds)
    {
        try
        {
            return (int)(Departures.Wait(Time(milliseconds)) ? Status.Ok : Status.Pending);
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "managed_estimate")]
    public static int Estimate(byte* path, LoadOptions* options, MemoryFigure* memory)
    {
        try
        {
            Sized.Check<MemoryFigure>(memory, "memory");
            ModelOptions own = LoadSettings.Read(options);
            LlamaLibraries.Load();
            MachineShape machine = MachineShape.Here().For(own);
            ModelShape shape = ModelShape.Read(ModelFiles.Find(Texts.Required(path, 0, "path"), own.VisionPath));
            MemoryPlan plan = own.Memory is null
                ? MemoryPlanner.Plan(shape, own, machine)
                : MemoryPlanner.Plan(shape, MemoryPlanner.Decide(shape, own, machine, picturesFirst: false).Options, machine);
            MemoryLimits free = MemoryLimits.Free();
            Sized.Write(memory, "memory", new MemoryFigure
            {
                fits = plan.FitIn(free) == MemoryFit.Exceeds ? 0 : 1,
                memory = plan.Ram.Bytes,
                mapped = plan.Ram.MappedBytes,
                gpu_memory = plan.Vram.Bytes,
                free_memory = free.Ram ?? 0,
            });
            return (int)Status.Ok;
        }
        catch (Exception failure)
        {
            return Failures.Keep(failure);
        }
    }

    /// <summary>A time to wait.</summary>
    /// <exception cref="CallException">It is negative, and not -1.</exception>
    public static int Time(int milliseconds) =>
        milliseconds >= -1 ? milliseconds : throw CallException.Argument(
            $"A time of {milliseconds} milliseconds is out of range: it is 0 or more, or -1 for any time.");

    private static string PaliGgufVersion() => typeof(PaliModel).Assembly.GetName().Version?.ToString(3) ?? "";
}
