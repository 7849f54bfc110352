namespace PaliGguf.Conversion.Output;

/// <summary>The two files of a model that are about to be written.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Text">The decoder.</param>
/// <param name="TextType">Its type.</param>
/// <param name="Vision">The vision tower and the projector.</param>
/// <param name="VisionType">Their type.</param>
internal sealed record ModelPair(string Name, GgufPlan Text, ModelFileType TextType, GgufPlan Vision, ModelFileType VisionType)
{
    // Metadata (mostly the vocabulary) and padding, with room to spare.
    private const long MetadataAllowance = 64 * 1024 * 1024;

    /// <summary>Writes both files, <c>NAME-TYPE.gguf</c> and <c>mmproj-NAME-TYPE.gguf</c>.</summary>
    public ConversionResult Write(string folder, IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
    {
        string text = $"{Name}-{TextType}.gguf";
        string vision = $"mmproj-{Name}-{VisionType}.gguf";
        using OutputFiles files = OutputFiles.Open(folder, $"{Name}-{TextType}", [text, vision], Text.TensorBytes + Vision.TensorBytes, MetadataAllowance, progress);
        files.Write(ConversionPhase.WritingText, text, (path, written) => Text.Write(path, written, cancellationToken));
        files.Write(ConversionPhase.WritingVision, vision, (path, written) => Vision.Write(path, written, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        files.Commit();
        return new ConversionResult(Name, files.PathOf(text), new FileInfo(files.PathOf(text)).Length, files.PathOf(vision), new FileInfo(files.PathOf(vision)).Length);
    }
}
