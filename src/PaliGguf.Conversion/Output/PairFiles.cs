namespace PaliGguf.Conversion.Output;

/// <summary>The two files of a model: <c>NAME-TYPE.gguf</c> and <c>mmproj-NAME-TYPE.gguf</c>.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="TextType">The decoder's type.</param>
/// <param name="VisionType">The type of the vision tower and the projector.</param>
/// <param name="VisionForm">Whose code the vision file is for.</param>
internal sealed record PairFiles(
    string Name, ModelFileType TextType, ModelFileType VisionType, VisionForm VisionForm = VisionForm.PaliGemma)
{
    /// <summary>What stands between name and type in files for other code than ours, so that they are not taken for ours.</summary>
    public const string MlpInfix = "-mlp";

    // Metadata (mostly the vocabulary) and padding, with room to spare.
    private const long MetadataAllowance = 64 * 1024 * 1024;

    private string TextFile => $"{Name}-{TextType}.gguf";

    private string VisionFile => $"mmproj-{Name}{(VisionForm == VisionForm.Mlp ? MlpInfix : "")}-{VisionType}.gguf";

    /// <summary>Prepares the folder for both.</summary>
    public OutputFiles Open(string folder, IProgress<ConversionProgress>? progress, bool goOn = false) =>
        OutputFiles.Open(folder, $"{Name}-{TextType}", [TextFile, VisionFile], progress, goOn);

    /// <summary>Writes both.</summary>
    /// <param name="output">What <see cref="Open"/> gave.</param>
    /// <param name="text">The decoder.</param>
    /// <param name="vision">The vision tower and the projector.</param>
    /// <param name="scratchBytes">The room on the disk that is needed besides.</param>
    /// <param name="cancellationToken">Ends the work before it is complete.</param>
    public ConversionResult Write(OutputFiles output, GgufPlan text, GgufPlan vision, long scratchBytes,
        CancellationToken cancellationToken)
    {
        output.Expect(text.TensorBytes + vision.TensorBytes, MetadataAllowance + scratchBytes);
        output.Write(ConversionPhase.WritingText, TextFile, (path, written) => text.Write(path, written, cancellationToken));
        output.Write(ConversionPhase.WritingVision, VisionFile, (path, written) => vision.Write(path, written, cancellationToken));
        return Commit(output, cancellationToken);
    }

    /// <summary>Writes both while the checkpoint arrives.</summary>
    public ConversionResult Write(OutputFiles output, GgufPlan text, GgufPlan vision, ArrivingCheckpoint checkpoint,
        CancellationToken cancellationToken)
    {
        checkpoint.Write(output, [(TextFile, text), (VisionFile, vision)], MetadataAllowance, cancellationToken);
        return Commit(output, cancellationToken);
    }

    private ConversionResult Commit(OutputFiles output, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        output.Commit();
        string textPath = output.PathOf(TextFile);
        string visionPath = output.PathOf(VisionFile);
        return new ConversionResult(Name, textPath, new FileInfo(textPath).Length, visionPath, new FileInfo(visionPath).Length);
    }
}
