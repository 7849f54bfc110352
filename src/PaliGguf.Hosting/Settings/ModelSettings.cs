using Microsoft.Extensions.Configuration;
using PaliGguf.Hosting.Models;
using PaliGguf.Imaging;
using PaliGguf.Memory;

namespace PaliGguf.Hosting.Settings;

/// <summary>Which model is run, and how.</summary>
internal class ModelSettings(IConfiguration configuration) : SettingsSection(configuration)
{
    private const int MaxThreads = 512;

    /// <summary>The text GGUF or a folder, also where the name of a model that was pulled is set; null for the embedded model.</summary>
    public string? Model => Path(nameof(Model)) is { } model ? PulledName.ModelPath(model) : null;

    /// <summary>Where that is.</summary>
    public string ModelPath => Model ?? EmbeddedModel.Folder;

    public string? Vision => Path(nameof(Vision));

    /// <summary>The adapters to answer with: a JSON list, or one text with semicolons in between.</summary>
    public IReadOnlyList<AdapterFile> Lora =>
        [.. List(nameof(Lora)).Select(ScaledPath.Parse).Select(adapter => new AdapterFile(LocalPath(adapter.Path), adapter.Scale))];

    public int? Threads => Integer(nameof(Threads), 1, MaxThreads);

    public int GpuLayers => Integer(nameof(GpuLayers)) ?? -1;

    public int? Context => Integer(nameof(Context));

    /// <summary>Limits on the memory; null for none.</summary>
    public MemoryLimits? Memory
    {
        get
        {
            if (Text("Ram") is null && Text("Vram") is null) return null;
            return new MemoryLimits(Size("Ram", free => free.Ram), Size("Vram", free => free.Vram));
        }
    }

    public VisionPlacement? Tower => Choice<VisionPlacement>(nameof(Tower), "gpu, cpu or staged");

    public GgmlType? KvType => Choice<GgmlType>(nameof(KvType), "f16, f32 or q8_0") switch
    {
        null => null,
        (GgmlType.F16 or GgmlType.F32 or GgmlType.Q8_0) and var type => type,
        { } other => throw Invalid(nameof(KvType), other.Name, "f16, f32 or q8_0"),
    };

    /// <summary>How large a picture may be.</summary>
    public ImageLimits PictureLimits => ImageLimits.Default with { MaxPixels = Integer("MaxPixels", 1, int.MaxValue) ?? ImageLimits.Default.MaxPixels };

    public bool NoMmap => Flag(nameof(NoMmap));

    public bool NoRepack => Flag(nameof(NoRepack));

    public MatrixProducts Products => Choice<MatrixProducts>(nameof(Products), "auto or library") ?? MatrixProducts.Auto;

    public bool Verbose => Flag(nameof(Verbose));

    /// <summary>How the model is loaded, as far as that is set.</summary>
    public ModelOptions ToModelOptions() => new()
    {
        VisionPath = Vision,
        ContextLength = Context,
        Threads = Threads,
        GpuLayers = GpuLayers,
        Adapters = Lora,
        CacheType = KvType,
        Vision = Tower,
        MemoryMap = !NoMmap,
        Repack = !NoRepack,
        Products = Products,
        Memory = Memory,
    };

    /// <summary>Checks that the model is there if it is the one that comes with the program.</summary>
    /// <exception cref="FileNotFoundException">It is not.</exception>
    public void RequireModel()
    {
        if (Model is not null || EmbeddedModel.Exists) return;
        throw new FileNotFoundException(
            $"{EmbeddedModel.Folder}: the model that comes with the program is not there; name another one with --model or "
                + $"{EnvironmentSource.Prefix}MODEL.");
    }

    private long? Size(string setting, Func<MemoryLimits, long?> free) =>
        Text(setting) is not { } text ? null
        : text.Equals("auto", StringComparison.OrdinalIgnoreCase) ? free(MemoryLimits.Free())
        : ByteSize.TryParse(text, out long bytes) ? bytes
        : throw Invalid(setting, text, "a size like 4GiB or 800MB, or 'auto'");
}
