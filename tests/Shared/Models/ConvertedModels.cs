using System.Collections.Concurrent;
using PaliGguf.Conversion;

namespace PaliGguf.Tests;

/// <summary>Checkpoints of the repository as GGUF pairs, each converted once per test process into a folder that is removed at its end.</summary>
internal static class ConvertedModels
{
    private static readonly Lazy<string> Folder = new(() =>
    {
        string folder = Directory.CreateTempSubdirectory("paligguf-models-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    });

    private static readonly ConcurrentDictionary<(string Checkpoint, ModelFileType Type, bool KeepWindow), Lazy<Task<ConversionResult>>> Conversions = new();

    /// <summary>The golden checkpoint "tiny-g1" or "tiny-g2".</summary>
    public static Task<ConversionResult> Golden(string name, ModelFileType type) => Get(Path.Combine(Repository.Golden(name), "model"), type, keepWindow: false);

    /// <summary>The small trained checkpoint.</summary>
    public static Task<ConversionResult> PaliNano(ModelFileType type) => Get(Path.Combine(Repository.PaliNano, "checkpoint"), type, keepWindow: false);

    public static Task<ConversionResult> Get(string checkpoint, ModelFileType type, bool keepWindow) =>
        Conversions.GetOrAdd((checkpoint, type, keepWindow), key => new(() => Convert(key.Checkpoint, key.Type, key.KeepWindow))).Value;

    /// <summary>A folder of its own for what else is converted once.</summary>
    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder.Value, Guid.NewGuid().ToString("N"))).FullName;

    private static Task<ConversionResult> Convert(string checkpoint, ModelFileType type, bool keepWindow) => CheckpointConverter.ConvertAsync(new ConversionOptions
    {
        Source = checkpoint,
        OutputFolder = NewFolder(),
        Type = type,
        KeepSlidingWindow = keepWindow,
    });
}
