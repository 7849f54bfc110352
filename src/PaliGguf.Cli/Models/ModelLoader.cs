using Microsoft.Extensions.Logging;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;

namespace PaliGguf.Cli.Models;

/// <summary>Loads the model that the settings ask for, and shows progress where it takes long.</summary>
internal sealed class ModelLoader(UserSettings settings, Terminal terminal, ILoggerFactory loggers)
{
    /// <summary>The text GGUF or the folder.</summary>
    public string Path => settings.Model ?? EmbeddedModel.Folder;

    /// <summary>The options that the settings ask for.</summary>
    /// <param name="images">How many pictures a prompt will have.</param>
    /// <param name="textTokens">How many tokens prompt and answer will have together, at most.</param>
    /// <param name="beams">How many answers a search will follow at once.</param>
    public ModelOptions Options(int images, long textTokens, int beams = 1) => new()
    {
        VisionPath = settings.Vision,
        ContextLength = settings.Context,
        ImagesPerPrompt = images,
        TextTokens = (int)Math.Clamp(textTokens, 16, 1 << 20),
        // The default is enough for a search over 17.
        Branches = beams > 17 ? beams - 1 : null,
        Threads = settings.Threads,
        GpuLayers = settings.GpuLayers,
        Adapters = settings.Lora,
        CacheType = settings.KvType,
        Vision = settings.Tower,
        MemoryMap = !settings.NoMmap,
        Repack = !settings.NoRepack,
        Memory = settings.Memory,
        LoggerFactory = loggers,
    };

    /// <summary>Loads the model.</summary>
    /// <exception cref="PaliException">It does not load.</exception>
    /// <exception cref="IOException">There is no such model.</exception>
    public async Task<PaliModel> LoadAsync(ModelOptions options, CancellationToken cancellationToken)
    {
        if (settings.Model is null && !EmbeddedModel.Exists)
        {
            throw new FileNotFoundException($"{EmbeddedModel.Folder}: the model that comes with the program is not there; name another one with --model or {EnvironmentSource.Prefix}MODEL.");
        }

        await using SlowStatus status = new(terminal, "loading the model");
        return await PaliModel.LoadAsync(Path, options, new StatusProgress(status), cancellationToken);
    }

    private sealed class StatusProgress(SlowStatus status) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => status.Report(value.Stage, value.Fraction);
    }
}
