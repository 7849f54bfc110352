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
    /// <remarks>
    /// In the decoder, the rows of all answers together count as much as those of all prefixes. There are hundreds or thousands of image rows for each token of an
    /// answer, and counted alike they would leave the answers, whose exactness is wanted, next to no weight.
    /// </remarks>
    /// <param name="options">The model and the samples.</param>
    /// <param name="progress">Told how far it has come, on any thread.</param>
    /// <param name="cancellationToken">Ends it without a result.</param>
    /// <returns>What this run and the earlier ones have gathered.</returns>
    /// <exception cref="ArgumentException">There is no sample, or an option is out of range.</exception>
    /// <exception cref="FileNotFoundException">The model does not exist.</exception>
    /// <exception cref="PaliException">The model is malformed, a picture can not be read, a sample can not be run, or the earlier matrix is of a model with other widths.</exception>
    public static Task<ImportanceMatrix> RunAsync(ImportanceOptions options, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Samples.Count == 0) throw new ArgumentException("There is no sample to gather from.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxTokens, 1, nameof(options));
        return Task.Run(() => GatherAsync(options, progress, cancellationToken), cancellationToken);
    }

    private static async Task<ImportanceMatrix> GatherAsync(ImportanceOptions options, IProgress<EvaluationProgress>? progress, CancellationToken cancellationToken)
    {
        PictureLoader pictures = new();
        PhaseObserver observer = new();
        progress?.Report(new EvaluationProgress("loading the model", 0));
        ModelOptions modelOptions = options.ModelOptions with { Activations = observer };
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
            observer.Current = observer.Prefixes;
            // The first distribution is the prefix's last row; what follows is the answer.
            await model.TraceAsync(request, answer: null, (_, _) => observer.Current = observer.Answers, cancellationToken).ConfigureAwait(false);
            observer.Prefixes.CountChunk();
            // One of another model is found before the work is done.
            if (index == 0) _ = Join(options.Earlier, observer.Prefixes);
        }

        observer.Prefixes.NameDataset(options.Dataset);
        return Join(options.Earlier, ImportanceMatrix.Balance(observer.Prefixes, observer.Answers));
    }

    private static ImportanceMatrix Join(ImportanceMatrix? earlier, ImportanceMatrix now)
    {
        ImportanceMatrix joined = new();
        if (earlier is not null) joined.Add(earlier);
        joined.Add(now);
        return joined;
    }

    private sealed class PhaseObserver : IActivationObserver
    {
        public PhaseObserver() => Current = Prefixes;

        public ImportanceMatrix Prefixes { get; } = new();

        public ImportanceMatrix Answers { get; } = new();

        public ImportanceMatrix Current { get; set; }

        public void Observe(string weight, ReadOnlySpan<float> rows, int rowLength) => Current.Observe(weight, rows, rowLength);
    }
}
