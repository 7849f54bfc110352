using System.CommandLine;
using PaliGguf.Cli.Models;
using PaliGguf.Evaluation.Metrics.Thai;
using PaliGguf.Evaluation.Metrics.Tokenization;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Cli.Evaluations;

/// <summary>The options that choose metrics and what they need.</summary>
internal sealed class MetricOptionSet
{
    private static readonly string Known = string.Join(", ", AnswerMetrics.Names.Select(metric => metric.Name));

    private readonly Option<string?> _task = new("--task")
    {
        Description = $"The row of the model card: {string.Join(", ", EvaluationTask.All.Select(task => task.Name))}.",
        HelpName = "TASK",
    };

    private readonly Option<string?> _metrics = new("--metrics")
    {
        Description = $"The metrics instead of the task's, with commas: {Known}.",
        HelpName = "NAMES",
    };

    private readonly PathOption _thaiWords = new("--thai-words")
    {
        Description = "Find Thai words with a list of words, as PyThaiNLP does: words_th.txt of its repository.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _thai = new("--thai")
    {
        Description = "Find Thai words with the system's ICU: 'icu'. Tables are made with a list of words instead.",
        HelpName = "icu",
    };

    private readonly PathOption _wordNet = new("--wordnet")
    {
        Description = "The folder of WordNet 3.0, for METEOR's synonyms.",
        HelpName = "DIR",
    };

    private readonly PathOption _bert = new("--bert")
    {
        Description = "The BERT of BERTScore: a GGUF that 'convert' makes of a Hugging Face folder.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _bertIdf = new("--bert-idf") { Description = "Let rare tokens weigh more in BERTScore." };

    private readonly PathOption _bertBaseline = new("--bert-baseline")
    {
        Description = "Stretch BERTScore by what unrelated texts score: a file of bert_score's rescale_baseline folder.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_task, _metrics, _thaiWords, _thai, _wordNet, _bert, _bertIdf, _bertBaseline]) command.Add(option);
    }

    /// <exception cref="UsageException">The options contradict each other, or name something that there is not.</exception>
    /// <param name="parse">The command line.</param>
    /// <param name="known">The task where the command line names none; null where it must.</param>
    public MetricChoice Read(ParseResult parse, string? known = null)
    {
        string? task = parse.GetValue(_task) ?? known;
        string? metrics = parse.GetValue(_metrics);
        if (task is null && metrics is null) throw new UsageException("what to score is not said; name a task with --task, or --metrics.");
        BertOptions? bert = Bert(parse);
        MetricChoice choice = new(
            task, Names(task, metrics, bert is not null), parse.GetValue(_thaiWords), parse.GetValue(_thai), parse.GetValue(_wordNet), bert);
        if (bert is null == choice.Metrics.Contains("bertscore"))
        {
            throw new UsageException(bert is null
                ? "the metric bertscore needs --bert FILE.gguf, which 'convert' makes of a BERT's folder."
                : "--bert is for the metric bertscore, and that is not among those of the task: name it with --metrics.");
        }

        if (choice.Thai is not (null or "icu"))
        {
            throw new UsageException($"--thai {choice.Thai} is unknown; expected 'icu', or --thai-words FILE.");
        }

        if (choice is { Thai: not null, ThaiWords: not null }) throw new UsageException("--thai and --thai-words exclude each other.");
        if (task == "thai-captions" && choice is { Thai: null, ThaiWords: null })
        {
            throw new UsageException(
                "Thai captions need a list of words: --thai-words FILE. PyThaiNLP publishes the one that tables are made with, "
                + "words_th.txt, in its repository (github.com/PyThaiNLP/pythainlp, pythainlp/corpus). "
                + "Or '--thai icu' for the system's ICU, which finds other words.");
        }

        return choice;
    }

    private BertOptions? Bert(ParseResult parse)
    {
        bool idf = parse.GetValue(_bertIdf);
        string? baseline = parse.GetValue(_bertBaseline);
        if (parse.GetValue(_bert) is { } path) return new BertOptions(path, idf, baseline);
        if (idf || baseline is not null) throw new UsageException("--bert-idf and --bert-baseline need --bert FILE.");
        return null;
    }

    private static string[] Names(string? task, string? metrics, bool hasBert)
    {
        try
        {
            EvaluationTask? found = task is null ? null : EvaluationTask.Find(task);
            if (metrics is null) return [.. hasBert ? found!.MetricsWithBert : found!.Metrics];
        }
        catch (PaliException e)
        {
            throw new UsageException(e.Message);
        }

        string[] names = metrics.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string? unknown = names.FirstOrDefault(name => AnswerMetrics.Names.All(metric => metric.Name != name));
        if (unknown is not null || names.Length == 0)
        {
            throw new UsageException($"--metrics {metrics}: expected names of {Known}.");
        }

        return names;
    }
}

/// <summary>The metrics that the command line names.</summary>
internal sealed record MetricChoice(
    string? Task, IReadOnlyList<string> Metrics, string? ThaiWords, string? Thai, string? WordNet, BertOptions? Bert)
{
    private static readonly string[] OfMasks = ["refcoco", "masks", "ap-masks"];

    /// <summary>Whether masks are compared.</summary>
    public bool NeedsMasks => Metrics.Any(OfMasks.Contains);

    /// <summary>Reads the files that they need.</summary>
    /// <param name="model">The model whose decoder makes masks of answers.</param>
    public MetricOptions Load(ModelLoader model)
    {
        Bert?.Check();
        return new MetricOptions
        {
            Masks = NeedsMasks ? MaskDecoder.Read(model.Find().Vision) : null,
            Words = Words(),
            WordNet = WordNet is null ? null : PaliGguf.Evaluation.Metrics.Meteor.WordNet.Load(WordNet),
            Bert = Bert,
        };
    }

    private ITokenizer? Words()
    {
        if (ThaiWords is not null) return new NewmmTokenizer(ThaiWordList.Load(ThaiWords));
        return Thai is not null ? new IcuTokenizer() : null;
    }
}
