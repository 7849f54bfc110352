using System.Diagnostics.CodeAnalysis;

namespace PaliGguf;

/// <summary>
/// The shapes of a published PaliGemma: what there is to know of a checkpoint before one has it. Widths and depths are those of the papers (arXiv 2407.07726 and
/// 2412.03555) and of the published configurations; the vision tower is SigLIP-So400m/14 in all of them.
/// </summary>
public sealed record ModelSize
{
    private static readonly int[] Resolutions = [224, 448, 896];

    private ModelSize()
    {
    }

    /// <summary>All sizes: "3b-224", "3b-448", ... "28b-896" of PaliGemma 2, and "v1-3b-224" to "v1-3b-896" of the first PaliGemma.</summary>
    public static IReadOnlyList<ModelSize> All { get; } =
    [
        .. Of(new() { Name = "3b", Architecture = "gemma2", LayerCount = 26, EmbeddingLength = 2304, FeedForwardLength = 9216, HeadCount = 8, KeyValueHeadCount = 4, HeadLength = 256 }),
        .. Of(new() { Name = "10b", Architecture = "gemma2", LayerCount = 42, EmbeddingLength = 3584, FeedForwardLength = 14336, HeadCount = 16, KeyValueHeadCount = 8, HeadLength = 256 }),
        .. Of(new() { Name = "28b", Architecture = "gemma2", LayerCount = 46, EmbeddingLength = 4608, FeedForwardLength = 36864, HeadCount = 32, KeyValueHeadCount = 16, HeadLength = 128 }),
        .. Of(new() { Name = "v1-3b", Architecture = "gemma", LayerCount = 18, EmbeddingLength = 2048, FeedForwardLength = 16384, HeadCount = 8, KeyValueHeadCount = 1, HeadLength = 256 }),
    ];

    /// <summary>The name, "3b-224".</summary>
    public required string Name { get; init; }

    /// <summary>"gemma2" for PaliGemma 2, "gemma" for the first PaliGemma.</summary>
    public required string Architecture { get; init; }

    /// <summary>The decoder's layers.</summary>
    public required int LayerCount { get; init; }

    /// <summary>The decoder's width.</summary>
    public required int EmbeddingLength { get; init; }

    /// <summary>The inner width of the decoder's MLP.</summary>
    public required int FeedForwardLength { get; init; }

    /// <summary>Query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Key and value heads.</summary>
    public required int KeyValueHeadCount { get; init; }

    /// <summary>Elements of one head.</summary>
    public required int HeadLength { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public int VocabularySize { get; init; } = 257_216;

    /// <summary>The id of <c>&lt;image&gt;</c>; the rows from it on are never answered with.</summary>
    public int ImageToken => 257_152;

    /// <summary>The longest sequence that the decoder was trained for.</summary>
    public int ContextLength { get; init; } = 8192;

    /// <summary>The side in pixels of the square that pictures are resized to.</summary>
    public int ImageSize { get; init; }

    /// <summary>The side of a patch in pixels.</summary>
    public int PatchSize { get; init; } = 14;

    /// <summary>Soft tokens per picture.</summary>
    public int ImageTokens => ImageSize / PatchSize * (ImageSize / PatchSize);

    /// <summary>The vision tower's blocks.</summary>
    public int VisionLayerCount { get; init; } = 27;

    /// <summary>The vision tower's width.</summary>
    public int VisionLength { get; init; } = 1152;

    /// <summary>The inner width of the vision tower's MLP, as trained; files store it padded to a multiple of 32.</summary>
    public int VisionFeedForwardLength { get; init; } = 4304;

    /// <summary>The vision tower's heads.</summary>
    public int VisionHeadCount { get; init; } = 16;

    /// <summary>Finds a size by its name.</summary>
    /// <returns>False if there is none.</returns>
    public static bool TryParse(string name, [NotNullWhen(true)] out ModelSize? size)
    {
        size = All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return size is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static IEnumerable<ModelSize> Of(ModelSize decoder) =>
        Resolutions.Select(resolution => decoder with { Name = $"{decoder.Name}-{resolution}", ImageSize = resolution });
}
