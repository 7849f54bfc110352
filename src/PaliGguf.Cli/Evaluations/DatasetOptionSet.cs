using System.CommandLine;
using PaliGguf.Evaluation.Datasets;

namespace PaliGguf.Cli.Evaluations;

/// <summary>The options that choose the items of a data set, and where their answers go.</summary>
internal sealed class DatasetOptionSet
{
    private const int MostSequences = 256;
    private const int Few = 50;

    private readonly PathArgument _dataset = new("DATASET")
    {
        Description = "A folder with valid/annotations.jsonl or Parquet files, or a file: JSON lines of image, prefix and suffix; COCO's "
            + "captions or instances; VQAv2's, TextVQA's, DocVQA's or ChartQA's questions; RefCOCO's expressions; Parquet.",
    };

    private readonly DatasetPlaceOptions _place = new();
    private readonly Option<string?> _prompt = new("--prompt")
    {
        Description = "The prompt of all items, in which {question}, {labels} and {lang} stand for what the item and --lang say. Default: the item's own, or the task's.",
        HelpName = "TEXT",
    };

    private readonly Option<int?> _limit = new("--limit") { Description = "Ask N items only.", HelpName = "N" };
    private readonly Option<int?> _seed = new("--seed") { Description = "Draw the items of --limit at random. Default: take the first.", HelpName = "N" };
    private readonly Option<bool> _few = new("--few") { Description = $"A quick look: --limit {Few} --seed 1." };
    private readonly PathOption _out = new("--out")
    {
        Description = "Keep the answers in this file, a line each. A run that was ended goes on where it stopped.",
        HelpName = "JOURNAL",
    };

    private readonly Option<bool> _again = new("--retry") { Description = "Ask again what failed in an earlier run." };
    private readonly PathOption _export = new("--export") { Description = "Write the answers as COCO's or VQA's programs read them.", HelpName = "FILE" };
    private readonly Option<int> _sequences = new("--sequences") { Description = "How many answers are decoded side by side. Default: 4.", HelpName = "N", DefaultValueFactory = _ => 4 };

    public void AddTo(Command command)
    {
        command.Add(_dataset);
        _place.AddTo(command);
        foreach (Option option in (Option[])[_prompt, _limit, _seed, _few, _out, _again, _export, _sequences]) command.Add(option);
    }

    /// <exception cref="UsageException">The options contradict each other, or one is out of range.</exception>
    public DatasetChoice Read(ParseResult parse)
    {
        bool few = parse.GetValue(_few);
        int? limit = parse.GetValue(_limit);
        int? seed = parse.GetValue(_seed);
        int sequences = parse.GetValue(_sequences);
        if (limit < 1) throw new UsageException($"--limit {limit} is too few items; expected 1 or more.");
        if (seed is not null && limit is null && !few) throw new UsageException("--seed draws the items of --limit, which is missing.");
        if (sequences is < 1 or > MostSequences) throw new UsageException($"{sequences} sequences are out of range; expected 1 to {MostSequences}.");
        string? journal = parse.GetValue(_out);
        bool again = parse.GetValue(_again);
        if (again && journal is null) throw new UsageException("--retry needs the journal of an earlier run, --out.");
        return new DatasetChoice(parse.GetRequiredValue(_dataset), _place.Read(parse))
        {
            Prompt = parse.GetValue(_prompt),
            Limit = limit ?? (few ? Few : null),
            Seed = seed ?? (few ? 1 : null),
            Journal = journal,
            Again = again,
            Export = parse.GetValue(_export),
            Sequences = sequences,
        };
    }
}

/// <summary>A data set as the command line names it.</summary>
internal sealed record DatasetChoice(string Path, DatasetOptions Place)
{
    public string? Prompt { get; init; }

    public int? Limit { get; init; }

    public int? Seed { get; init; }

    public string? Journal { get; init; }

    public bool Again { get; init; }

    public string? Export { get; init; }

    public int Sequences { get; init; } = 1;
}
