using System.CommandLine;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Training.Runs;

namespace PaliGguf.Training.Options;

/// <summary>How long a run is, how it is measured, and what comes out.</summary>
internal sealed class RunOptionGroup : IOptionGroup
{
    private const int LargestBatch = 1 << 16;

    private readonly Option<int> _epochs = OptionForms.Number("--epochs", 3, 1, 1_000_000, "How often each example is seen.");
    private readonly Option<long?> _steps = OptionForms.Number<long>("--steps", "The steps of the run, whatever the epochs.");
    private readonly Option<int> _batch = OptionForms.Number("--batch", 8, 1, LargestBatch, "Examples a step.");

    private readonly Option<int> _micro = OptionForms.Number(
        "--micro-batch", 4, 1, LargestBatch, "Examples that are computed together: fewer need less memory.");

    private readonly Option<bool> _byPicture = OptionForms.Switch(
        "--by-picture", "Let the examples of a picture come in one step: it goes through the tower once for all of them.");

    private readonly Option<int> _pack = OptionForms.Number(
        "--pack", 1, 1, LargestBatch,
        "Examples of a picture that are computed behind each other, at most: much faster, but the picture does not see their prompts, as "
        + "it does where it is answered. More than 1 means --by-picture.");

    private readonly Option<long> _seed = new("--seed")
    {
        Description = "Of all random numbers. Default: 42.",
        HelpName = "N",
        DefaultValueFactory = _ => 42,
    };

    private readonly Option<int> _threads = OptionForms.Number("--threads", 0, 0, 1024, "Default: one per core.");

    private readonly Option<string?> _validation = OptionForms.Text(
        "--validation", "DATA", "Examples that the run is measured by, and its best weights chosen.");

    private readonly Option<long?> _validateEvery = OptionForms.Number<long>(
        "--validate-every", "Steps between two validations. Default: an epoch.");

    private readonly Option<int> _shown = OptionForms.Number(
        "--validation-pictures", 4, 0, 64, "Of how many validation pictures each validation writes the model's answers.");

    private readonly Option<int?> _patience = OptionForms.Number<int>("--patience", "End after so many validations that are not better.");
    private readonly Option<int> _saveEvery = OptionForms.Number("--save-every", 50, 1, int.MaxValue, "Steps between two saves.");

    private readonly Option<bool> _finish = OptionForms.Switch(
        "--finish", "Take no further step of the run in --out: write what it has come to.");

    private readonly Option<bool> _keep = OptionForms.Switch(
        "--keep-soft-tokens", "Keep what the frozen tower makes of each picture on the disk.");

    private readonly Option<ushort?> _watch = new("--watch")
    {
        Description = "Show the run's page as long as it goes on, on this computer: at a port, or at a free one.",
        HelpName = "PORT",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _evaluate = OptionForms.Text(
        "--evaluate", "TASK", "Score the model before and after on the validation data, by a task of 'paligguf eval'.");

    private readonly Option<bool> _merge = OptionForms.Switch("--merge", "Write a pair with the adapter in it too.");
    private readonly Option<bool> _olderNames = OptionForms.Switch("--older-names", "Name PEFT's modules as before transformers 4.52.");

    /// <inheritdoc/>
    public IReadOnlyList<Option> All =>
    [
        _epochs, _steps, _batch, _micro, _byPicture, _pack, _seed, _threads, _validation, _validateEvery, _shown, _patience, _saveEvery,
        _finish, _watch, _keep, _evaluate, _merge, _olderNames,
    ];

    /// <inheritdoc/>
    public TrainingSettings Apply(ParseResult parse, TrainingSettings settings) => settings with
    {
        Epochs = parse.GetValue(_epochs),
        Steps = parse.Positive(_steps),
        BatchSize = parse.GetValue(_batch),
        MicroBatchSize = parse.GetValue(_micro),
        KeepsPicturesTogether = parse.GetValue(_byPicture) || parse.GetValue(_pack) > 1,
        PackedExamples = parse.GetValue(_pack),
        Seed = parse.GetValue(_seed),
        Threads = parse.GetValue(_threads),
        Validation = parse.GetValue(_validation),
        ValidateEvery = parse.Positive(_validateEvery),
        ShownPictures = parse.GetValue(_shown),
        WatchPort = parse.GetResult(_watch) is { Implicit: false } ? parse.GetValue(_watch) ?? 0 : null,
        EvaluationTask = Task(parse),
        Patience = parse.Positive(_patience),
        SaveEvery = parse.GetValue(_saveEvery),
        Finishes = parse.GetValue(_finish),
        KeepsSoftTokens = parse.GetValue(_keep),
        Merges = parse.GetValue(_merge),
        OlderNames = parse.GetValue(_olderNames),
    };

    private string? Task(ParseResult parse)
    {
        if (parse.GetValue(_evaluate) is not { } name) return null;
        if (parse.GetValue(_validation) is null) throw new PaliException("--evaluate needs data to measure by: name it with --validation.");
        return EvaluationTask.Find(name) is { Name: "thai-captions" }
            ? throw new PaliException("--evaluate thai-captions: its scores need a list of words, which 'paligguf eval' can be given.")
            : name;
    }
}
