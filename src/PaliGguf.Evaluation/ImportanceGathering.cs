using PaliGguf.Conversion.Quantization;
using PaliGguf.Evaluation.Samples;
using PaliGguf.Language;

namespace PaliGguf.Evaluation;

/// <summary>Gathers an importance matrix by running a model.</summary>
public static class ImportanceGathering
{
    /// <summary>
    /// Lets a model answer pictures and prompts, and gathers what its matrices are multiplied with: those of the vision tower and the projector for each picture, those of
    /// the decoder for each prefix and answer.
    /// </summary>
    /// <param name="options">The model and the samples.</param>
    /// <param name="progress">Told how far it has come, on any thread.</param>
    /// <param name="cancellationToken">Ends it without a result.</param>
    /// <exception cref="ArgumentException">There is no sample, or an option is out of range.</exception>
    /// <exception cref="FileNotFoundException">The model does not exist.</exception>
    /// <exception cref="PaliException">The model is malformed, a picture can not be read, or a sample can not be run.</exception>
    public static Task<ImportanceMatrix> RunAsync(ImportanceOptions options, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Samples.Count == 0) throw new ArgumentException("There is no sample to gather from.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxTokens, 1, nameof(options));
        return Task.Run(() => GatherAsync(options, progress, cancellationToken), cancellationToken);
    }

    private static async Task<ImportanceMatrix> GatherAsync(ImportanceOptions options, IProgress<EvaluationProgress>? progress, CancellationToken cancellationToken)
    {
        ImportanceMatrix matrix = new();
        matrix.NameDataset(options.Dataset);
        PictureLoader pictures = new();
        progress?.Report(new EvaluationProgress("loading the model", 0));
        ModelOptions modelOptions = options.ModelOptions with { Activations = matrix };
        await using PaliModel model = await PaliModel.LoadAsync(options.Model, modelOptions, cancellationToken: cancellationToken).ConfigureAwait(false);
        foreach ((int index, EvaluationSample sample) in options.Samples.Index())
        {
            progress?.Report(new EvaluationProgress($"running sample {index + 1} of {options.Samples.Count}", (double)index / options.Samples.Count));
            GenerationRequest request = new()
            {
                Images = [await pictures.LoadAsync(sample.Picture, cancellationToken).ConfigureAwait(false)],
                Prompt = sample.Prompt,
                MaxTokens = options.MaxTokens,
            };
            await model.TraceAsync(request, answer: null, static (_, _) => { }, cancellationToken).ConfigureAwait(false);
            matrix.CountChunk();
        }

        return matrix;
    }
}
