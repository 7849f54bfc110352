using System.CommandLine;
using PaliGguf.Evaluation.Metrics.Thai;
using PaliGguf.Evaluation.Metrics.Tokenization;
using PaliGguf.Evaluation.Scoring;

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

    private readonly Option<string?> _thaiWords = new("--thai-words")
    {
        Description = "Find Thai words with a list of words, as PyThaiNLP does: words_th.txt of its repository.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _thai = new("--thai")
    {
        Description = "Find Thai words with the system's ICU: 'icu'. Tables are made with a list of words instead.",
        HelpName = "icu",
    };

    private readonly Option<string?> _wordNet = new("--wordnet")
    {
        Description = "The folder of WordNet 3.0, for METEOR's synonyms.",
        HelpName = "DIR",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_task, _metrics, _thaiWords, _thai, _wordNet]) command.Add(option);
    }

    /// <exception cref="UsageException">The options contradict each other, or name something that there is not.</exception>
    public MetricChoice Read(ParseResult parse)
    {
        string? task = parse.GetValue(_task);
        string? metrics = parse.GetValue(_metrics);
        if (task is null && metrics is null) throw new UsageException("what to score is not said; name a task with --task, or --metrics.");
        MetricChoice choice = new(task, Names(task, metrics), parse.GetValue(_thaiWords), parse.GetValue(_thai), parse.GetValue(_wordNet));
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

    private static string[] Names(string? task, string? metrics)
    {
        try
        {
            EvaluationTask? found = task is null ? null : EvaluationTask.Find(task);
            if (metrics is null) return [.. found!.Metrics];
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
internal sealed record MetricChoice(string? Task, IReadOnlyList<string> Metrics, string? ThaiWords, string? Thai, string? WordNet)
{
    /// <summary>Reads the files that they need.</summary>
    public MetricOptions Load() => new()
    {
        Words = Words(),
        WordNet = WordNet is null ? null : PaliGguf.Evaluation.Metrics.Meteor.WordNet.Load(WordNet),
    };

    private ITokenizer? Words()
    {
        if (ThaiWords is not null) return new NewmmTokenizer(ThaiWordList.Load(ThaiWords));
        return Thai is not null ? new IcuTokenizer() : null;
    }
}
