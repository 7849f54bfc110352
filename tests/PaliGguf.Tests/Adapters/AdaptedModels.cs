using System.Collections.Concurrent;
using PaliGguf.Conversion;

namespace PaliGguf.Tests.Adapters;

/// <summary>A checkpoint's pair, a random adapter for its text model as a GGUF file, and the pair with this adapter merged into it.</summary>
internal sealed record AdaptedModel(ConversionResult Pair, string Adapter, ConversionResult Merged);

/// <summary>Adapted models, each made once per test process; all numbers are stored as they are (F32).</summary>
internal static class AdaptedModels
{
    private static readonly Lazy<string> Folder = new(() =>
    {
        string folder = Directory.CreateTempSubdirectory("paligguf-adapters-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    });

    private static readonly ConcurrentDictionary<(string Checkpoint, int Seed), Lazy<Task<AdaptedModel>>> Made = new();

    /// <summary>The checkpoint "tiny-g1" or "tiny-g2", and the adapter of a seed.</summary>
    public static Task<AdaptedModel> Golden(string name, int seed = 1) => Get(Path.Combine(Repository.Golden(name), "model"), seed);

    /// <summary>The small trained checkpoint, and the adapter of a seed.</summary>
    public static Task<AdaptedModel> PaliNano(int seed = 1) => Get(Path.Combine(Repository.PaliNano, "checkpoint"), seed);

    /// <summary>Converts a checkpoint with adapters merged into it.</summary>
    public static Task<ConversionResult> Merge(string checkpoint, ModelFileType type, params AdapterSource[] adapters) => CheckpointConverter.ConvertAsync(new ConversionOptions
    {
        Source = checkpoint,
        OutputFolder = Directory.CreateDirectory(Path.Combine(Folder.Value, Guid.NewGuid().ToString("N"))).FullName,
        Type = type,
        Adapters = adapters,
    });

    private static Task<AdaptedModel> Get(string checkpoint, int seed) => Made.GetOrAdd((checkpoint, seed), key => new(() => Make(key.Checkpoint, key.Seed))).Value;

    private static async Task<AdaptedModel> Make(string checkpoint, int seed)
    {
        ConversionResult pair = await ConvertedModels.Get(checkpoint, ModelFileType.F32, keepWindow: false);
        using PeftFolder peft = PeftFolder.ForText(checkpoint, seed);
        string adapter = Path.Combine(Folder.Value, $"{Guid.NewGuid():N}.gguf");
        await AdapterConverter.ConvertAsync(new AdapterConversionOptions { Source = peft.Path, Model = pair.TextPath, OutputPath = adapter, Type = ModelFileType.F32 });
        return new AdaptedModel(pair, adapter, await Merge(checkpoint, ModelFileType.F32, new AdapterSource(peft.Path)));
    }
}
