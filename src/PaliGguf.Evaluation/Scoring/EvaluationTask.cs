namespace PaliGguf.Evaluation.Scoring;

/// <summary>A row of the model cards: the metrics that it is made with.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Metrics">The names of its metrics (<see cref="AnswerMetrics"/>), the card's first.</param>
public sealed record EvaluationTask(string Name, IReadOnlyList<string> Metrics)
{
    /// <summary>The metrics where a BERT is named, which some rows have a column for.</summary>
    public IReadOnlyList<string> MetricsWithBert { get; init; } = Metrics;

    /// <summary>All tasks.</summary>
    public static IReadOnlyList<EvaluationTask> All { get; } =
    [
        new("coco-captions", ["cider", "coco-bleu", "coco-rouge", "meteor"]),
        new("thai-captions", ["nltk-bleu", "rouge", "meteor"]) { MetricsWithBert = ["nltk-bleu", "rouge", "bertscore", "meteor"] },
        new("vqav2", ["vqa"]),
        new("textvqa", ["vqa"]),
        new("okvqa", ["vqa3"]),
        new("aokvqa", ["vqa3"]),
        new("vizwiz", ["vqa3"]),
        new("gqa", ["any"]),
        new("ai2d", ["any"]),
        new("nlvr2", ["any"]),
        new("ocrvqa", ["any-lower"]),
        new("docvqa", ["anls"]),
        new("infovqa", ["anls"]),
        new("stvqa", ["anls"]),
        new("chartqa", ["relaxed"]),
        new("tallyqa", ["tallyqa"]),
        new("pope", ["pope"]),
        new("scienceqa", ["scienceqa"]),
        new("rsvqa", ["rsvqa"]),
    ];

    /// <summary>Finds a task.</summary>
    /// <exception cref="PaliException">There is no such task.</exception>
    public static EvaluationTask Find(string name) => All.FirstOrDefault(task => task.Name == name)
        ?? throw new PaliException($"There is no task '{name}'; there are {string.Join(", ", All.Select(task => task.Name))}.");
}
