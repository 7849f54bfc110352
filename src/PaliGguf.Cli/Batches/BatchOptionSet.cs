using System.CommandLine;
using PaliGguf.Batch;
using PaliGguf.Batch.Results;
using PaliGguf.Batch.Sources;
using PaliGguf.Cli.Settings;
using PaliGguf.Imaging.Frames;

namespace PaliGguf.Cli.Batches;

/// <summary>The options that say what a batch asks about which pictures, and where the results go.</summary>
internal sealed class BatchOptionSet
{

    private readonly Argument<string[]> _inputs = new("INPUT")
    {
        Description = "Folders (with all below), lists (a path or an object of JSON with 'image' a line), tar shards, Parquet files with "
            + "pictures, pictures, patterns such as \"shards/*.tar\", or '-' for a list on standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _task = new("--task")
    {
        Description = "What is done: caption, describe, ocr, \"ask QUESTION\", \"detect LABELS\", \"segment LABELS\"; may be given "
            + "several times, and the vision tower runs once for all.",
        HelpName = "TASK",
    };

    private readonly Option<string[]> _prompt = new("--prompt")
    {
        Description = "A prompt, exactly as the model is to see it; may be given several times.",
        HelpName = "TEXT",
    };
    private readonly PathOption _out = new("--out")
    {
        Description = "Where the results go: .jsonl, .parquet, or .json for COCO's results. The same command goes on where it stopped.",
        HelpName = "RESULTS",
        Required = true,
    };

    private readonly Option<string?> _pattern = new("--pattern")
    {
        Description = "Which files of folders are taken, as in \"*.jpg\" or \"2024-*/cam1/*\". Default: pictures.",
        HelpName = "PATTERN",
    };
    private readonly PathOption _images = new("--images")
    {
        Description = "The folder that names in lists begin at. Default: that of the list.",
        HelpName = "DIR",
    };
    private readonly PathOption _retry = new("--retry-failed")
    {
        Description = "Ask only what this file of failures names, again.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _captions = new("--captions")
    {
        Description = "Also write the text into a .txt file beside each picture.",
    };
    private readonly PathOption _categories = new("--categories")
    {
        Description = "COCO's annotations with the ids of categories. Default: numbers in the order of the labels.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _logprobs = new("--logprobs")
    {
        Description = "Write the tokens' probabilities too; their last digits depend on what is decoded side by side.",
    };
    private readonly Option<long?> _limit = new("--limit") { Description = "Take the first N pictures only.", HelpName = "N" };
    private readonly SequencesOption _sequences = new();

    public void AddTo(Command command)
    {
        command.Add(_inputs);
        Option[] own = [_task, _prompt, _out, _pattern, _images, _retry, _captions, _categories, _logprobs, _limit, _sequences];
        foreach (Option option in own) command.Add(option);
        foreach (Option option in SamplingOptionSet.All.Concat(InstanceOptionSet.Wanted)) command.Add(option);
        foreach (Option option in BrokerOptionSet.Common.Concat(BrokerOptionSet.Asking)) command.Add(option);
    }

    /// <param name="parse">The command line.</param>
    /// <param name="language">The language of tasks that name none.</param>
    /// <exception cref="UsageException">The options contradict each other, or one is out of range.</exception>
    public BatchChoice Read(ParseResult parse, string language)
    {
        BrokerOptionSet.Check(parse);
        int sequences = _sequences.Read(parse);
        long? limit = parse.GetValue(_limit);
        if (limit < 1) throw new UsageException($"--limit {limit} is too few pictures; expected 1 or more.");
        Question[] questions = Questions(parse.GetValue(_task) ?? [], parse.GetValue(_prompt) ?? [], language);
        string[] inputs = parse.GetRequiredValue(_inputs);
        if (questions.Length == 0 && !inputs.All(MayAsk))
            throw new UsageException("what to ask is not said; name it with --task or --prompt.");
        return new BatchChoice(inputs, questions, new ResultPaths(parse.GetRequiredValue(_out)))
        {
            Source = new SourceOptions
            {
                Pattern = parse.GetValue(_pattern),
                Images = parse.GetValue(_images),
                Language = language,
                TablesAsk = questions.Length == 0,
            },
            RetryFailed = parse.GetValue(_retry),
            Captions = parse.GetValue(_captions),
            Categories = parse.GetValue(_categories),
            Probabilities = parse.GetValue(_logprobs),
            Limit = limit,
            Sequences = sequences,
            Stop = parse.GetValue(SamplingOptionSet.Stop) ?? [],
        };
    }

    // Folders and pictures say nothing; all others may, of each picture.
    private static bool MayAsk(string input) => !Directory.Exists(input) && !PictureFolder.IsPicture(input);

    private static Question[] Questions(string[] tasks, string[] prompts, string language)
    {
        try
        {
            Question[] questions = [.. tasks.Select(task => Question.OfTask(task, language)), .. prompts.Select(Question.OfPrompt)];
            string? twice = questions.GroupBy(question => question.Name, StringComparer.Ordinal)
                .FirstOrDefault(group => group.Count() > 1)?.Key;
            return twice is null ? questions : throw new UsageException($"'{twice}' is asked twice.");
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
