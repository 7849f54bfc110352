namespace PaliGguf.Conversion;

/// <summary>Which synthetic checkpoint to write, and how.</summary>
public sealed class SynthesisOptions
{
    /// <summary>The shapes.</summary>
    public required ModelSize Size { get; init; }

    /// <summary>Where the checkpoint's files, or the two GGUF files, go; created when it does not exist.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>The type of a GGUF pair; null to write a checkpoint in Hugging Face layout, in bfloat16.</summary>
    public ModelFileType? Type { get; init; }

    /// <summary>The type of the pair's vision half; null for the one that goes with <see cref="Type"/>.</summary>
    public ModelFileType? VisionType { get; init; }

    /// <summary>The seed of the random numbers: the same one gives the same files.</summary>
    public int Seed { get; init; } = 1;
}
