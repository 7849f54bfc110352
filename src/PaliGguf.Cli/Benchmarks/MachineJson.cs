using System.Runtime.InteropServices;
using PaliGguf.Diagnostics;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>What was measured on.</summary>
/// <param name="Cpu">The processor's name.</param>
/// <param name="Architecture">"x64", "arm64".</param>
/// <param name="LogicalCores">The processors that this process may use.</param>
/// <param name="InstructionSets">Those that matter here.</param>
/// <param name="MemoryBytes">The memory that this process may have, limits of a container included.</param>
/// <param name="MemoryReadBytesPerSecond">How fast it is read, as measured just before.</param>
/// <param name="Os">The system's name.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Llama">The llama.cpp release.</param>
/// <param name="GgmlCommit">The commit of its ggml.</param>
/// <param name="CpuVariant">The build of its CPU backend that was chosen.</param>
/// <param name="Gpus">The GPUs that layers are put on.</param>
internal sealed record MachineJson(
    string Cpu, string Architecture, int LogicalCores, IReadOnlyList<string> InstructionSets, long MemoryBytes, MemoryBandwidth MemoryReadBytesPerSecond, string Os, string Runtime,
    string Llama, string GgmlCommit, string? CpuVariant, IReadOnlyList<GpuJson> Gpus)
{
    /// <summary>This machine.</summary>
    /// <param name="gpuIsUsed">Whether layers go to its GPUs.</param>
    /// <exception cref="NativeLibraryException">The native libraries do not load.</exception>
    public static MachineJson Here(bool gpuIsUsed)
    {
        NativeDiagnostics natives = NativeDiagnostics.Collect();
        LlamaLibraryInfo llama = natives.Llama ?? throw new NativeLibraryException(natives.Problem ?? "llama.cpp does not load.");
        IEnumerable<ComputeDeviceInfo> gpus = natives.Devices.Where(device => device.IsGpu && gpuIsUsed);
        return new MachineJson(
            natives.Devices.FirstOrDefault(device => device.Backend == "CPU")?.Description ?? "unknown",
            RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
            Environment.ProcessorCount,
            Benchmarks.InstructionSets.Here(),
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            MemoryBandwidth.Measure(),
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            llama.Version,
            llama.GgmlCommit,
            llama.CpuVariant,
            [.. gpus.Select(gpu => new GpuJson(gpu.Name, gpu.Description, gpu.TotalBytes))]);
    }
}

/// <summary>A GPU.</summary>
internal sealed record GpuJson(string Name, string Description, long MemoryBytes);
