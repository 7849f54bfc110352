namespace PaliGguf.AI;

/// <summary>
/// The settings of a model that a service provider loads: the same names as the console program's, so that one section "PaliGguf" of a configuration may serve both. What is
/// not set is as in <see cref="ModelOptions"/>.
/// </summary>
public sealed class PaliGgufOptions
{
    /// <summary>The text GGUF, or a folder that holds one pair of text and vision GGUF. Required.</summary>
    public string? Model { get; set; }

    /// <inheritdoc cref="ModelOptions.VisionPath"/>
    public string? Vision { get; set; }

    /// <summary>What responses and metadata call the model; null for the name in its file.</summary>
    public string? ModelId { get; set; }

    /// <inheritdoc cref="ModelOptions.Sequences"/>
    public int Sequences { get; set; } = 1;

    /// <inheritdoc cref="ModelOptions.Threads"/>
    public int? Threads { get; set; }

    /// <inheritdoc cref="ModelOptions.GpuLayers"/>
    public int GpuLayers { get; set; } = -1;

    /// <inheritdoc cref="ModelOptions.ContextLength"/>
    public int? Context { get; set; }

    /// <inheritdoc cref="ModelOptions.ImagesPerPrompt"/>
    public int ImagesPerPrompt { get; set; } = 1;

    /// <inheritdoc cref="ModelOptions.TextTokens"/>
    public int TextTokens { get; set; } = 512;

    /// <summary>The most main memory to use: "8GiB", "2000MB", or "auto" for what is free when the model is loaded; null for any amount.</summary>
    public string? Ram { get; set; }

    /// <summary>The most memory of the GPU to use; likewise.</summary>
    public string? Vram { get; set; }

    /// <inheritdoc cref="ModelOptions.Vision"/>
    public VisionPlacement? Tower { get; set; }

    /// <inheritdoc cref="ModelOptions.CacheType"/>
    public GgmlType? KvType { get; set; }

    /// <summary>True to copy the decoder's weights into memory instead of mapping the file.</summary>
    public bool NoMmap { get; set; }

    /// <summary>True to leave the weights that the library multiplies as they are stored (<see cref="ModelOptions.Repack"/>): the model is loaded sooner and takes less memory, and is slower.</summary>
    public bool NoRepack { get; set; }

    /// <inheritdoc cref="ModelOptions.Products"/>
    public MatrixProducts Products { get; set; } = MatrixProducts.Auto;

    /// <summary>For how many bytes the soft tokens of the pictures seen last are kept (<see cref="ModelOptions.SoftTokenCacheBytes"/>): "64MiB"; "0" for none.</summary>
    public string SoftTokenCache { get; set; } = "64MiB";

    /// <summary>LoRA adapters of the decoder, which all requests use that do not say otherwise.</summary>
    public IList<PaliGgufAdapter> Adapters { get; } = [];

    /// <summary>The most pixels of a picture, at least 1.</summary>
    public long MaxImagePixels { get; set; } = 100_000_000;

    /// <summary>The most bytes of an encoded picture: "20MiB".</summary>
    public string MaxImageSize { get; set; } = "256MiB";

    /// <summary>True to let the model answer prompts without a picture too, which PaliGemma was not made for.</summary>
    public bool AllowTextOnly { get; set; }

    /// <summary>True to load the model while the host starts, which then waits for it and fails if it fails. Otherwise it is loaded with the first request.</summary>
    public bool LoadOnStart { get; set; }
}

/// <summary>A LoRA adapter among the settings.</summary>
public sealed class PaliGgufAdapter
{
    /// <summary>The GGUF file. Required.</summary>
    public string? Path { get; set; }

    /// <summary>What requests call it; null for the file's name without folder and ending.</summary>
    public string? Name { get; set; }

    /// <summary>How much of it is used: 1 for what was trained, 0 for none.</summary>
    public float Scale { get; set; } = 1;
}
