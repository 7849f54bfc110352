using PaliGguf.Evaluation.Datasets;
using PaliGguf.Tasks;

namespace PaliGguf.Evaluation.Scoring;

/// <summary>A row of the model cards: how it asks, and the metrics that it is made with.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Prompt">
/// The prompt of items that have none: <c>{lang}</c> stands for the language, <c>{question}</c> for the question or the expression,
/// <c>{labels}</c> for what is to be looked for.
/// </param>
/// <param name="MaxTokens">The longest answer in tokens.</param>
/// <param name="Metrics">The names of its metrics (<see cref="AnswerMetrics"/>), the card's first.</param>
public sealed record EvaluationTask(string Name, string Prompt, int MaxTokens, IReadOnlyList<string> Metrics)
{
    private const string Question = "answer {lang} {question}";

    /// <summary>The metrics where a BERT is named, which some rows have a column for.</summary>
    public IReadOnlyList<string> MetricsWithBert { get; init; } = Metrics;

    /// <summary>All tasks.</summary>
    public static IReadOnlyList<EvaluationTask> All { get; } =
    [
        new("coco-captions", "caption {lang}", 64, ["cider", "coco-bleu", "coco-rouge", "meteor"]),
        new("thai-captions", "caption th", 64, ["nltk-bleu", "rouge", "meteor"])
        {
            MetricsWithBert = ["nltk-bleu", "rouge", "bertscore", "meteor"],
        },
        new("vqav2", Question, 32, ["vqa"]),
        new("textvqa", Question, 32, ["vqa"]),
        new("okvqa", Question, 32, ["vqa3"]),
        new("aokvqa", Question, 32, ["vqa3"]),
        new("vizwiz", Question, 32, ["vqa3"]),
        new("gqa", Question, 32, ["any"]),
        new("ai2d", Question, 64, ["any"]),
        new("nlvr2", Question, 32, ["any"]),
        new("ocrvqa", Question, 128, ["any-lower"]),
        new("docvqa", Question, 64, ["anls"]),
        new("infovqa", Question, 64, ["anls"]),
        new("stvqa", Question, 64, ["anls"]),
        new("chartqa", Question, 32, ["relaxed"]),
        new("tallyqa", Question, 32, ["tallyqa"]),
        new("pope", Question, 32, ["pope"]),
        new("scienceqa", Question, 64, ["scienceqa"]),
        new("rsvqa", Question, 32, ["rsvqa"]),
        new("refcoco", "segment {question}", 64, ["refcoco"]) { Finds = Findings.Masks },
        new("detection", "detect {labels}", 512, ["boxes", "ap-boxes"]) { Finds = Findings.Boxes },
        new("segmentation", "segment {labels}", 512, ["masks", "boxes", "ap-masks"]) { Finds = Findings.Masks },
        new("text", "caption {lang}", 256, ["exact"]),
        new("scenes", "caption {lang}", 80, ["exact", "things", "characters"]),
    ];

    /// <summary>What its answers tell beside text.</summary>
    public Findings Finds { get; init; }

    /// <summary>Finds a task.</summary>
    /// <exception cref="PaliException">There is no such task.</exception>
    public static EvaluationTask Find(string name) => All.FirstOrDefault(task => task.Name == name)
        ?? throw new PaliException($"There is no task '{name}'; there are {string.Join(", ", All.Select(task => task.Name))}.");

    /// <summary>The prompt for an item: its own, or one made of a form.</summary>
    /// <param name="item">The item.</param>
    /// <param name="language">The language of the answer (<see cref="PromptLanguage"/>).</param>
    /// <param name="form">A form that goes before the item's own prompt and the task's; null without one.</param>
    /// <exception cref="PaliException">The item lacks what the form needs, or the language is unknown.</exception>
    public string PromptOf(EvaluationItem item, string language, string? form = null)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (form is null && item.Prompt is { } own) return own;
        string text = form ?? Prompt;
        if (text.Contains("{lang}", StringComparison.Ordinal)) text = text.Replace("{lang}", Language(language), StringComparison.Ordinal);
        if (text.Contains("{labels}", StringComparison.Ordinal))
        {
            text = text.Replace(
                "{labels}", item.Labels.Count > 0 ? string.Join(InstanceAnswer.Separator, item.Labels) : throw Missing("label"),
                StringComparison.Ordinal);
        }

        return text.Replace("{question}", item.Question ?? (text.Contains("{question}", StringComparison.Ordinal) ? throw Missing("question") : ""),
            StringComparison.Ordinal);

        PaliException Missing(string what) => new($"{item.Origin}: the prompt '{text}' needs a {what}, and the item has none.");
    }

    private static string Language(string language)
    {
        try
        {
            return PromptLanguage.Require(language);
        }
        catch (ArgumentException e)
        {
            throw new PaliException(e.Message.ReplaceLineEndings(" "), e);
        }
    }
}

/// <summary>What answers tell beside text.</summary>
public enum Findings
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Boxes.</summary>
    Boxes,

    /// <summary>Boxes and masks.</summary>
    Masks,
}
