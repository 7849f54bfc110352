using PaliGguf.Conversion.Bert;
using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Quantization;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion;

/// <summary>Turns checkpoints of cased BERTs into a GGUF file that BERTScore is computed with.</summary>
public static class BertConverter
{
    // The vocabulary and padding, with room to spare.
    private const long MetadataAllowance = 64 * 1024 * 1024;

    /// <summary>Whether a source is a BERT: a folder whose <c>config.json</c> says so.</summary>
    /// <param name="source">A path.</param>
    /// <exception cref="ModelFormatException">It has a configuration, and that is malformed.</exception>
    public static bool Recognizes(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Directory.Exists(source) && BertConfig.Describes(source);
    }

    /// <summary>Converts a checkpoint to <c>NAME-TYPE.gguf</c>. Where that fails or is cancelled, nothing of it remains.</summary>
    /// <param name="options">What to convert, and how.</param>
    /// <param name="progress">Told of each step and of every piece written; called on the converting thread.</param>
    /// <param name="cancellationToken">Stops the conversion within a fraction of a second.</param>
    /// <exception cref="ModelFormatException">The checkpoint is malformed, incomplete, or no cased BERT.</exception>
    /// <exception cref="ConversionException">The output folder can not be written to, or its disk is too small.</exception>
    /// <exception cref="OperationCanceledException">The conversion was cancelled.</exception>
    public static Task<BertConversionResult> ConvertAsync(
        BertConversionOptions options, IProgress<ConversionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrWhiteSpace(options.Source)) throw new ArgumentException("The source is empty.", nameof(options));
        if (string.IsNullOrWhiteSpace(options.OutputFolder)) throw new ArgumentException("The output folder is empty.", nameof(options));
        if (!BertRecipe.Types.ContainsKey(options.Type))
        {
            throw new ArgumentException(
                $"A BERT can not be stored as {options.Type}: choose one of {string.Join(", ", BertRecipe.Types.Keys)}.", nameof(options));
        }

        return Task.Run(() => Convert(options, progress, cancellationToken), cancellationToken);
    }

    private static BertConversionResult Convert(
        BertConversionOptions options, IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return Run(options, progress, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConversionException($"{options.OutputFolder}: the conversion failed: {OneLine.Show(e.Message)}", e);
        }
    }

    private static BertConversionResult Run(
        BertConversionOptions options, IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
    {
        string source = Path.GetFullPath(LocalPath.Of(options.Source, "a checkpoint"));
        string folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(source));
        progress?.Report(new ConversionProgress(ConversionPhase.Checking, folder, 0, 0));
        BertConfig config = BertConfig.Read(source);
        int layers = ScoreLayers.Choose(config, [folder, config.SavedAs], options.Layer);
        string name = ModelName.Check(options.Name ?? $"{folder}-layer{layers}");
        IReadOnlyList<string> tokens = WordPieceVocabulary.Read(source, config.VocabularySize);
        using HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.Open(source, cancellationToken: cancellationToken);
        GgufPlan plan = new(BertTensors.Plan(checkpoint, config, layers), new BertRecipe(options.Type), TensorImportance.Even);
        BertGguf.Describe(plan, name, config, layers, tokens);

        string file = $"{name}-{options.Type}.gguf";
        using OutputFiles output = OutputFiles.Open(options.OutputFolder, $"{name}-{options.Type}", [file], progress);
        output.Expect(plan.TensorBytes, MetadataAllowance);
        output.Write(ConversionPhase.WritingText, file, (path, written) => plan.Write(path, written, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        output.Commit();
        string path = output.PathOf(file);
        return new BertConversionResult(name, path, new FileInfo(path).Length, layers);
    }
}
