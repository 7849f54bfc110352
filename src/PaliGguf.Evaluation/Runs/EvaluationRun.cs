using System.Runtime.CompilerServices;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Language;
using PaliGguf.Tasks;

namespace PaliGguf.Evaluation.Runs;

/// <summary>Asks a model what the items of a data set ask.</summary>
public sealed class EvaluationRun
{
    private readonly List<(EvaluationItem Item, string Prompt)> _open = [];
    private readonly List<JournalEntry> _done = [];
    private readonly JournalWriter? _journal;
    private readonly EvaluationTask _task;

    /// <summary>Plans a run.</summary>
    /// <param name="task">The task.</param>
    /// <param name="items">The items, those of one picture together.</param>
    /// <param name="prompt">The prompt of each.</param>
    /// <param name="journal">Where the answers go, and those come from that there are already; null for none.</param>
    /// <param name="again">Whether what has failed is tried again.</param>
    /// <exception cref="PaliException">The journal has an answer to another prompt.</exception>
    public EvaluationRun(
        EvaluationTask task, IReadOnlyList<EvaluationItem> items, Func<EvaluationItem, string> prompt, JournalWriter? journal = null,
        bool again = false)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(prompt);
        _task = task;
        _journal = journal;
        foreach (EvaluationItem item in items)
        {
            string text = prompt(item);
            if (journal?.Earlier?.Entries.GetValueOrDefault(item.Id) is not { } entry || (entry.Failed && again))
            {
                _open.Add((item, text));
            }
            else if (entry.Prompt == text)
            {
                _done.Add(entry);
            }
            else
            {
                throw new PaliException(
                    $"the journal's answer to '{item.Id}' is to '{entry.Prompt}', and the data set asks '{text}': it belongs to another one.");
            }
        }
    }

    /// <summary>The prompts that have no answer yet.</summary>
    public IReadOnlyList<string> OpenPrompts => [.. _open.Select(pair => pair.Prompt)];

    /// <summary>What earlier runs have left of the items.</summary>
    public IReadOnlyList<JournalEntry> Done => _done;

    /// <summary>
    /// Asks what is open. Answers are decoded side by side while the next pictures are read, and go to the journal in the order of the
    /// items.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="request">How answers are made; prompt and picture are those of the item.</param>
    /// <param name="cancellationToken">Ends the run; what is in the journal stays.</param>
    /// <returns>What became of each item. One whose picture is broken does not end the others.</returns>
    public async IAsyncEnumerable<JournalEntry> AnswerAsync(
        PaliModel model, GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        if (_task.Finds != Findings.None) request = request with { Observed = InstanceTokens.Locations };
        (PictureSource Source, RgbImage Picture)? last = null;
        await foreach (EachOutcome<Question> outcome in model.GenerateEachAsync(Questions(), OpenAsync, cancellationToken)
            .ConfigureAwait(false))
        {
            JournalEntry entry = outcome.Item.Entry(outcome, _task, model);
            _journal?.Append(entry);
            yield return entry;
        }

        IEnumerable<Question> Questions() => _open.Select(pair => new Question(pair.Item, pair.Prompt));

        async ValueTask<GenerationRequest> OpenAsync(Question question, CancellationToken cancellation)
        {
            PictureSource source = question.Item.Picture;
            if (last?.Source.Name != source.Name)
            {
                last = null;
                last = (source, await source.LoadAsync(cancellation).ConfigureAwait(false));
            }

            RgbImage picture = last!.Value.Picture;
            question.Size = new PictureSize(picture.Width, picture.Height);
            return request with { Prompt = question.Prompt, Images = [picture] };
        }
    }

    // The size is known when the picture has been read.
    private sealed class Question(EvaluationItem item, string prompt)
    {
        public EvaluationItem Item => item;

        public string Prompt => prompt;

        public PictureSize? Size { get; set; }

        public JournalEntry Entry(EachOutcome<Question> outcome, EvaluationTask task, PaliModel model)
        {
            JournalEntry entry = new(item.Id, prompt) { Picture = Size };
            if (outcome.Result is not { } result) return entry with { Failure = outcome.Failure!.Message.ReplaceLineEndings(" ") };
            GenerationTimings times = result.Timings;
            return entry with
            {
                Answer = result.Text,
                Tokens = result.Tokens.Count,
                LogProbability = result.LogProbabilities.Sum(value => (double)value),
                Cut = result.FinishReason == FinishReason.Length,
                Milliseconds = new JournalTimes(Round(times.Vision), Round(times.Prefix), Round(times.Decode)),
                Scores = task.Finds == Findings.None ? null : [.. model.InstanceScores(result, task.Finds == Findings.Masks)],
            };
        }

        private static double Round(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
    }
}
