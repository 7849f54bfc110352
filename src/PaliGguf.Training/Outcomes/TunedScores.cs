using System.Globalization;
using System.Text;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Reports;
using PaliGguf.Evaluation.Runs;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Language;
using PaliGguf.Parquet;
using PaliGguf.Tasks.Masks;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Runs;

namespace PaliGguf.Training.Outcomes;

/// <summary>
/// What <c>paligguf eval</c> says of the model before and after: both answer the validation data as they do when they run, by the ordinary
/// library. The answers are in journals in the run's folder, which <c>paligguf report</c> reads too.
/// </summary>
internal sealed class TunedScores
{
    private const int Together = 4;

    private readonly TrainingSettings _settings;
    private readonly EvaluationTask _task;
    private readonly IReadOnlyList<EvaluationItem> _items;

    /// <summary>Reads the data, so that what is malformed is found before the model was trained for hours.</summary>
    /// <param name="settings">The run; it names a task and validation data.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="PaliException">The data can not be read, or lacks what the task asks for.</exception>
    public TunedScores(TrainingSettings settings, CancellationToken cancellationToken)
    {
        (_settings, _task) = (settings, EvaluationTask.Find(settings.EvaluationTask!));
        DataOptions data = settings.DataOptions;
        DatasetOptions options = new()
        {
            Images = data.Images,
            Annotations = data.Annotations,
            Formats = [new ParquetFormat()],
            Masks = _task.Finds == Findings.Masks,
        };
        IReadOnlyList<EvaluationItem> all = Dataset.Read(settings.Validation!, options, cancellationToken);
        _items = settings.Limit is { } limit ? ItemSelection.Take(all, limit) : all;
        foreach (EvaluationItem item in _items) _ = Prompt(item);
    }

    /// <summary>Lets both answer, and scores them.</summary>
    /// <param name="adapter">The adapter of the tuned model; null where it is a pair in the run's folder.</param>
    /// <param name="observer">Told of how far it has come.</param>
    /// <param name="cancellationToken">Ends the call early; answers that are there stay.</param>
    /// <exception cref="PaliException">A model can not be loaded, or an answer not be kept.</exception>
    public async Task<EvaluationReport> CompareAsync(string? adapter, IRunObserver observer, CancellationToken cancellationToken)
    {
        ModelFiles model = _settings.Model;
        ModelFiles tuned = adapter is not null ? model : new ModelFiles(Own(model.Text), Own(model.Vision));
        ReportRun before = await AnswerAsync("before", model, null, observer, cancellationToken).ConfigureAwait(false);
        ReportRun after = await AnswerAsync("after", tuned, adapter, observer, cancellationToken).ConfigureAwait(false);
        MetricOptions options = new() { Masks = _task.Finds == Findings.Masks ? MaskDecoder.Read(model.Vision) : null };
        return ReportMaking.Make(_items, after, before, _task.Metrics, options, cancellationToken: cancellationToken);
    }

    private string Own(string file) => Path.Combine(_settings.Output, Path.GetFileName(file));

    private string Prompt(EvaluationItem item) => _task.PromptOf(item, _settings.DataOptions.Language, _settings.DataOptions.Prompt);

    private async Task<ReportRun> AnswerAsync(
        string name, ModelFiles files, string? adapter, IRunObserver observer, CancellationToken cancellationToken)
    {
        JournalHeader header = Header(files, adapter);
        using JournalWriter journal = JournalWriter.Open(Own($"eval-{name}.jsonl"), header);
        EvaluationRun run = new(_task, _items, Prompt, journal);
        Dictionary<string, JournalEntry> entries = run.Done.ToDictionary(entry => entry.Id, StringComparer.Ordinal);
        if (run.OpenPrompts.Count > 0)
        {
            ModelOptions options = new()
            {
                VisionPath = files.Vision,
                Adapters = adapter is null ? [] : [new AdapterFile(adapter)],
                Threads = _settings.Threads == 0 ? null : _settings.Threads,
                TextTokens = Math.Max(16, run.OpenPrompts.Max(Encoding.UTF8.GetByteCount) + 2 + _task.MaxTokens),
                Sequences = Math.Min(Together, run.OpenPrompts.Count),
                SoftTokenCacheBytes = ModelOptions.OnePicture,
            };
            PaliModel model = await PaliModel.LoadAsync(files.Text, options, cancellationToken: cancellationToken).ConfigureAwait(false);
            await using (model.ConfigureAwait(false))
            {
                GenerationRequest request = new() { Prompt = "", MaxTokens = _task.MaxTokens };
                await foreach (JournalEntry entry in run.AnswerAsync(model, request, cancellationToken).ConfigureAwait(false))
                {
                    entries[entry.Id] = entry;
                    observer.Validating(entries.Count, _items.Count);
                }
            }
        }

        return new ReportRun(name, header, entries);
    }

    private JournalHeader Header(ModelFiles files, string? adapter) => new(
        _task.Name,
        _settings.Validation!,
        new JournalModel(Path.GetFileNameWithoutExtension(files.Text), FileFingerprint.Of(files.Text), FileFingerprint.Of(files.Vision)),
        adapter is null ? [] : [new JournalAdapter(Path.GetFileNameWithoutExtension(adapter), 1, FileFingerprint.Of(adapter))],
        new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["lang"] = _settings.DataOptions.Language,
            ["max-tokens"] = _task.MaxTokens.ToString(CultureInfo.InvariantCulture),
            ["prompt"] = _settings.DataOptions.Prompt ?? "",
        })
    {
        Images = _settings.DataOptions.Images,
        Annotations = _settings.DataOptions.Annotations,
    };
}
