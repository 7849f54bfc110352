using PaliGguf.Conversion.Quantization;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion;

/// <summary>Stores the matrices of a GGUF file in another type.</summary>
public static class ModelQuantizer
{
    /// <summary>
    /// Writes a file with matrices of another type; metadata and everything else stay as they are. Tensors pass through memory in small pieces, on all cores.
    /// The file gets its name when it is complete; when the work fails or is cancelled, nothing of it remains.
    /// </summary>
    /// <param name="options">What to store, and how.</param>
    /// <param name="progress">Told of each step and of every piece written; called on the converting thread.</param>
    /// <param name="cancellationToken">Stops the work within a fraction of a second.</param>
    /// <exception cref="FileNotFoundException">There is no such source.</exception>
    /// <exception cref="ModelFormatException">The source or the importance matrix is malformed, or the source holds numbers that the type can not.</exception>
    /// <exception cref="ConversionException">
    /// The type needs an importance matrix, the source is quantized too coarsely already, the output can not be written, or its disk is too small.
    /// </exception>
    /// <exception cref="ArgumentException">The type does not exist, or not for this kind of file.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static Task<QuantizationResult> QuantizeAsync(
        QuantizationOptions options, IProgress<ConversionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrWhiteSpace(options.Source)) throw new ArgumentException("The source is empty.", nameof(options));
        TypeChecks.Check(options.Type, vision: null, options.EmbeddingType);
        if (options.VisionForm is { } form && !Enum.IsDefined(form))
            throw new ArgumentException($"{form} is not a form of vision files.", nameof(options));
        return Task.Run(() => Quantize(options, progress, cancellationToken), cancellationToken);
    }

    private static QuantizationResult Quantize(QuantizationOptions options, IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return new QuantizationRun(options, progress, cancellationToken).Run();
        }
        catch (Exception e) when (e is IOException and not FileNotFoundException or UnauthorizedAccessException)
        {
            throw new ConversionException($"{options.Source}: quantizing failed: {OneLine.Show(e.Message)}", e);
        }
    }
}
