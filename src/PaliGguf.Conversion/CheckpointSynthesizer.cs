using PaliGguf.Conversion.Quantization;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Synthesis;

namespace PaliGguf.Conversion;

/// <summary>
/// Writes models of random numbers with the shapes of published ones: for measurements of speed and memory without a download. What they answer means
/// nothing. Matrices repeat after 128 rows, so that all types are written at about the disk's speed.
/// </summary>
public static class CheckpointSynthesizer
{
    /// <summary>Writes a checkpoint in Hugging Face layout, or a GGUF pair.</summary>
    /// <param name="options">What to write.</param>
    /// <param name="progress">Told of each file and of every piece written; called on the writing thread.</param>
    /// <param name="cancellationToken">Stops the work within a fraction of a second; nothing of it remains.</param>
    /// <returns>The full paths of the files, the text GGUF or the first shard first.</returns>
    /// <exception cref="ConversionException">The folder can not be written to, the disk is too small, or a type needs an importance matrix.</exception>
    /// <exception cref="ArgumentException">A type does not exist, or not for a vision tower.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static Task<IReadOnlyList<string>> SynthesizeAsync(
        SynthesisOptions options, IProgress<ConversionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrWhiteSpace(options.OutputFolder)) throw new ArgumentException("The output folder is empty.", nameof(options));
        TypeChecks.Check(options.Type, options.VisionType, embedding: null);
        return Task.Run(() => Synthesize(options, progress, cancellationToken), cancellationToken);
    }

    private static IReadOnlyList<string> Synthesize(SynthesisOptions options, IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return new SynthesisRun(options, progress, cancellationToken).Run();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConversionException($"{options.OutputFolder}: the synthetic model can not be written: {OneLine.Show(e.Message)}", e);
        }
    }
}
