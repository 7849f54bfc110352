using PaliGguf.Interop;

namespace PaliGguf.Diagnostics;

/// <summary>What became of the native libraries in this process: where they were looked for, what was found, which devices they offer.</summary>
public sealed record NativeDiagnostics
{
    /// <summary>The environment variable that names a folder to be searched before all others.</summary>
    public const string FolderVariable = NativeFolders.EnvironmentVariable;

    /// <summary>The platform whose libraries are looked for: "linux-x64", "win-x64", "osx-arm64".</summary>
    public required string RuntimeIdentifier { get; init; }

    /// <summary>The builds of llama.cpp that this one of PaliGguf works with.</summary>
    public required string SupportedVersions { get; init; }

    /// <summary>The folders in the order of the search.</summary>
    public required IReadOnlyList<NativeFolderInfo> Folders { get; init; }

    /// <summary>The loaded llama.cpp libraries; null when they did not load.</summary>
    public LlamaLibraryInfo? Llama { get; init; }

    /// <summary>Why they did not load; null when they did.</summary>
    public string? Problem { get; init; }

    /// <summary>What to install where something of the system is missing, which is why they did not load; else null.</summary>
    public string? Remedy { get; init; }

    /// <summary>The devices in the library's order; none when the libraries did not load.</summary>
    public IReadOnlyList<ComputeDeviceInfo> Devices { get; init; } = [];

    /// <summary>Loads the libraries if they are not loaded yet, and describes the outcome. Libraries that are missing are a result, not an exception.</summary>
    public static NativeDiagnostics Collect()
    {
        NativeDiagnostics searched = new()
        {
            RuntimeIdentifier = NativeFolders.RuntimeIdentifier,
            SupportedVersions = NativeBuild.Supported,
            Folders = NativeFolders.SearchOrder().Select(NativeFolderInfo.Read).ToArray(),
        };
        try
        {
            LoadedLibraries loaded = NativeLibraries.Load();
            return searched with { Llama = Describe(loaded), Devices = ComputeDevice.All().Select(Describe).ToArray() };
        }
        catch (Exception failure) when (failure is NativeLibraryException or EntryPointNotFoundException or IOException or UnauthorizedAccessException)
        {
            return searched with { Problem = failure.Message, Remedy = (failure as NativeLibraryException)?.Remedy };
        }
    }

    private static LlamaLibraryInfo Describe(LoadedLibraries loaded)
    {
        string[] files = loaded.Files.Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ToArray();
        string? variant = NativeFolders.Variant(loaded.Folder) ?? files.Select(CpuVariant).FirstOrDefault(name => name is not null);
        return new LlamaLibraryInfo(
            loaded.Folder, loaded.LlamaPath, loaded.Build.Version, loaded.Build.Set, loaded.GgmlVersion, loaded.GgmlCommit, variant, files);
    }

    private static ComputeDeviceInfo Describe(ComputeDevice device)
    {
        (long free, long total) = device.Memory;
        return new ComputeDeviceInfo(device.Name, device.Description, device.Backend, device.IsGpu, free, total);
    }

    private static string? CpuVariant(string file)
    {
        const string Marker = "ggml-cpu";
        string name = Path.GetFileNameWithoutExtension(file);
        int start = name.IndexOf(Marker, StringComparison.Ordinal);
        return start < 0 ? null : name[(start + Marker.Length)..] is { Length: > 1 } variant ? variant[1..] : "generic";
    }
}
