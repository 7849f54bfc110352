using Microsoft.Extensions.Logging;
using PaliGguf.Imaging;
using PaliGguf.Memory;

namespace PaliGguf.AI.DependencyInjection;

/// <summary>What the libraries below make of the settings.</summary>
internal static class ModelSettings
{
    private const string Auto = "auto";

    /// <summary>How the model is loaded.</summary>
    /// <exception cref="NativeLibraryException">A limit is "auto", and the native libraries that tell what is free do not load.</exception>
    public static ModelOptions ToModelOptions(this PaliGgufOptions options, ILoggerFactory loggers) => options.WithoutMemory() with
    {
        Memory = options.Memory(() => MemoryLimits.Free()),
        LoggerFactory = loggers,
    };

    /// <summary>How large a picture may be.</summary>
    public static ImageLimits ToImageLimits(this PaliGgufOptions options) => new()
    {
        MaxPixels = options.MaxImagePixels,
        MaxBytes = ByteSize.TryParse(options.MaxImageSize, out long bytes) ? bytes : throw new FormatException(options.MaxImageSize),
    };

    /// <summary>What is wrong with the settings, by name and value; nothing if they are sound. Whether files are there is seen when they are loaded.</summary>
    public static IEnumerable<string> Problems(this PaliGgufOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Model)) yield return "Model is not set: name the text GGUF, or a folder with one pair of text and vision GGUF.";
        if (options.Vision is { } vision && string.IsNullOrWhiteSpace(vision)) yield return "Vision is empty: name the vision GGUF, or leave it out to find it beside the text GGUF.";
        if (options.ModelId is { } id && string.IsNullOrWhiteSpace(id)) yield return "ModelId is empty: leave it out for the name in the model's file.";
        if (!IsLimit(options.Ram)) yield return $"Ram is '{options.Ram}': give a size like 8GiB or 800MB, or 'auto' for what is free.";
        if (!IsLimit(options.Vram)) yield return $"Vram is '{options.Vram}': give a size like 8GiB or 800MB, or 'auto' for what is free.";
        if (options.Tower is { } tower && !Enum.IsDefined(tower)) yield return $"Tower is '{tower}': it is gpu, cpu or staged.";
        if (options.MaxImagePixels < 1) yield return $"MaxImagePixels is {options.MaxImagePixels}: it is 1 or more.";
        if (!ByteSize.TryParse(options.MaxImageSize, out _)) yield return $"MaxImageSize is '{options.MaxImageSize}': give a size like 20MiB.";
        if (Cache(options.SoftTokenCache) is null) yield return $"SoftTokenCache is '{options.SoftTokenCache}': give a size like 64MiB, or 0 for none.";
        if (options.Adapters.Any(adapter => string.IsNullOrWhiteSpace(adapter?.Path)))
        {
            yield return "An entry of Adapters has no Path: name the adapter's GGUF.";
            yield break;
        }

        string? outOfRange = OutOfRange(options);
        if (outOfRange is not null) yield return outOfRange;
    }

    private static string? OutOfRange(PaliGgufOptions options)
    {
        try
        {
            // What is free does not matter for whether the settings are sound.
            (options.WithoutMemory() with { Memory = options.Memory(() => new MemoryLimits()) }).Validate();
            return null;
        }
        catch (ArgumentException failure)
        {
            return failure.Message;
        }
    }

    private static ModelOptions WithoutMemory(this PaliGgufOptions options) => new()
    {
        VisionPath = options.Vision,
        Sequences = options.Sequences,
        Threads = options.Threads,
        GpuLayers = options.GpuLayers,
        ContextLength = options.Context,
        ImagesPerPrompt = options.ImagesPerPrompt,
        TextTokens = options.TextTokens,
        Vision = options.Tower,
        CacheType = options.KvType,
        MemoryMap = !options.NoMmap,
        Repack = !options.NoRepack,
        Products = options.Products,
        SoftTokenCacheBytes = Cache(options.SoftTokenCache) ?? 0,
        Adapters = [.. options.Adapters.Select(ToAdapterFile)],
    };

    private static AdapterFile ToAdapterFile(PaliGgufAdapter adapter)
    {
        AdapterFile file = new(adapter.Path!, adapter.Scale);
        return adapter.Name is { } name ? file with { Name = name } : file;
    }

    private static MemoryLimits? Memory(this PaliGgufOptions options, Func<MemoryLimits> free)
    {
        if (options.Ram is null && options.Vram is null) return null;
        MemoryLimits? all = IsAuto(options.Ram) || IsAuto(options.Vram) ? free() : null;
        return new MemoryLimits(Limit(options.Ram, all?.Ram), Limit(options.Vram, all?.Vram));
    }

    private static long? Limit(string? text, long? free) => IsAuto(text) ? free : ByteSize.TryParse(text, out long bytes) ? bytes : null;

    private static long? Cache(string text) => text == "0" ? 0 : ByteSize.TryParse(text, out long bytes) ? bytes : null;

    private static bool IsLimit(string? text) => text is null || IsAuto(text) || ByteSize.TryParse(text, out _);

    private static bool IsAuto(string? text) => string.Equals(text, Auto, StringComparison.OrdinalIgnoreCase);
}
