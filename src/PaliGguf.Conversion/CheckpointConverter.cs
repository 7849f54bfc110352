using PaliGguf.Conversion.Quantization;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion;

/// <summary>Turns checkpoints of PaliGemma and PaliGemma 2 into the pair of GGUF files that PaliGguf runs.</summary>
public static class CheckpointConverter
{
    /// <summary>
    /// Converts a checkpoint to <c>NAME-TYPE.gguf</c> (the text model) and <c>mmproj-NAME-TYPE.gguf</c> (vision tower and projector).
    /// Tensors pass through memory in small pieces, whatever the size of the model. Both files are complete before either gets its name;
    /// when the conversion fails or is cancelled, nothing of it remains.
    /// </summary>
    /// <param name="options">What to convert, and how.</param>
    /// <param name="progress">Told of each step and of every piece written; called on the converting thread.</param>
    /// <param name="cancellationToken">Stops the conversion within a fraction of a second.</param>
    /// <returns>The two files.</returns>
    /// <exception cref="ModelFormatException">The checkpoint is malformed, incomplete, or no PaliGemma; the message lists all unfit
    /// tensors.</exception>
    /// <exception cref="ConversionException">The output folder can not be written to, or its disk is too small.</exception>
    /// <exception cref="OperationCanceledException">The conversion was cancelled.</exception>
    public static Task<ConversionResult> ConvertAsync(
        ConversionOptions options, IProgress<ConversionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrWhiteSpace(options.Source)) throw new ArgumentException("The source is empty.", nameof(options));
        if (string.IsNullOrWhiteSpace(options.OutputFolder)) throw new ArgumentException("The output folder is empty.", nameof(options));
        if (options.Tokenizer is { } tokenizer && string.IsNullOrWhiteSpace(tokenizer))
            throw new ArgumentException("The tokenizer's path is empty.", nameof(options));
        TypeChecks.Check(options.Type, options.VisionType, options.EmbeddingType);
        if (!Enum.IsDefined(options.VisionForm))
            throw new ArgumentException($"{options.VisionForm} is not a form of vision files.", nameof(options));
        if (!Enum.IsDefined(options.MaskType))
            throw new ArgumentException($"{options.MaskType} is not a type of mask decoders.", nameof(options));
        if (options is { VisionForm: VisionForm.Mlp, MaskDecoder: not null })
            throw new ArgumentException("A vision file for libmtmd has no mask decoder: leave one of the two out.", nameof(options));
        if (options.Adapters.Any(adapter => !float.IsFinite(adapter.Weight)))
            throw new ArgumentException("The weight of an adapter is not a finite number.", nameof(options));

        // Who waits for bytes to arrive keeps no thread of the pool from bringing them.
        return Task.Factory.StartNew(
            () => Convert(options, progress, cancellationToken), cancellationToken,
            options.Streamed.Count > 0 ? TaskCreationOptions.LongRunning : TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
    }

    private static ConversionResult Convert(ConversionOptions options, IProgress<ConversionProgress>? progress,
        CancellationToken cancellationToken)
    {
        try
        {
            return new ConversionRun(options, progress, cancellationToken).Run();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConversionException($"{options.OutputFolder}: the conversion failed: {OneLine.Show(e.Message)}", e);
        }
    }
}
