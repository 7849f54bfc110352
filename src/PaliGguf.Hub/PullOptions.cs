using PaliGguf.Conversion;

namespace PaliGguf.Hub;

/// <summary>What to pull.</summary>
public sealed record PullOptions
{
    /// <summary>The repository: <c>OWNER/NAME</c>, or the address of its page.</summary>
    public required string Name { get; init; }

    /// <summary>A branch, a tag or a commit. Default: <c>main</c>.</summary>
    public string Revision { get; init; } = "main";

    /// <summary>Whether it is a model or a data set.</summary>
    public RepositoryKind Kind { get; init; }

    /// <summary>
    /// How a checkpoint's matrices are stored, by default <see cref="ModelFileType.Q8_0"/>; or which of several GGUF files is meant.
    /// </summary>
    public ModelFileType? Type { get; init; }

    /// <summary>How a checkpoint's vision tower is stored (<see cref="ConversionOptions.VisionType"/>).</summary>
    public ModelFileType? VisionType { get; init; }

    /// <summary>How a checkpoint's embedding is stored (<see cref="ConversionOptions.EmbeddingType"/>).</summary>
    public GgmlType? EmbeddingType { get; init; }

    /// <summary>The SentencePiece model on this computer, for a checkpoint that lacks its own; null for the repository's.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>The mask decoder on this computer (<c>vae-oid.npz</c>); null for the repository's, if it has one.</summary>
    public string? MaskDecoder { get; init; }

    /// <summary>Which files of a data set are meant: paths with <c>*</c> and <c>?</c>; empty for all.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>After how many bytes it is noted how far a conversion has come; null for the usual.</summary>
    internal long? JournalEvery { get; init; }
}
