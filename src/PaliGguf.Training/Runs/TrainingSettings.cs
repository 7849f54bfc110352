using System.Globalization;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Runtime;
using PaliGguf.Training.Tuning;

namespace PaliGguf.Training.Runs;

/// <summary>A run, as it was asked for.</summary>
internal sealed record TrainingSettings
{
    /// <summary>The pair that is trained on.</summary>
    public required ModelFiles Model { get; init; }

    /// <summary>The examples: a file or a folder.</summary>
    public required string Data { get; init; }

    /// <summary>The folder of everything that the run writes.</summary>
    public required string Output { get; init; }

    /// <summary>How examples are read.</summary>
    public DataOptions DataOptions { get; init; } = new();

    /// <summary>How examples are changed each time that they are seen; not those that the run is measured by.</summary>
    public Augmentation Augmentation { get; init; } = new();

    /// <summary>Examples that the run is measured by; null without any.</summary>
    public string? Validation { get; init; }

    /// <summary>How many examples of each at most; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>What is trained.</summary>
    public TuningPlan Plan { get; init; } = new(TuningMethod.Lora);

    /// <summary>How the model is computed.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>Whether it is computed on a GPU; null where libtorch finds one.</summary>
    public bool? OnGpu { get; init; } = false;

    /// <summary>How what is trained is changed.</summary>
    public OptimizerKind Optimizer { get; init; }

    /// <summary>The constants of AdamW, and the weight decay of all optimizers.</summary>
    public AdamSettings Adam { get; init; } = new();

    /// <summary>How much of the last step goes on, of gradient descent and Muon.</summary>
    public double Momentum { get; init; }

    /// <summary>The highest learning rate.</summary>
    public double Rate { get; init; } = 1e-4;

    /// <summary>How the rate changes.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Linear;

    /// <summary>The part of the run over which it rises.</summary>
    public double WarmUp { get; init; } = 0.1;

    /// <summary>The longest that all gradients together may be; null for any length.</summary>
    public double? Clip { get; init; } = 1;

    /// <summary>How losses become one.</summary>
    public LossMean Mean { get; init; }

    /// <summary>How often each example is seen, unless <see cref="Steps"/> says otherwise.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>The steps of the run; null for those of its epochs.</summary>
    public long? Steps { get; init; }

    /// <summary>Examples a step.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Examples that are computed together: fewer need less memory, and give the same numbers but for rounding.</summary>
    public int MicroBatchSize { get; init; } = 4;

    /// <summary>Whether the examples of a picture come in one step, so that it goes through the tower once for all of them.</summary>
    public bool KeepsPicturesTogether { get; init; }

    /// <summary>
    /// How many examples of a picture go through the decoder behind each other, at most: they see the picture and not each other. With
    /// more than 1 a picture does not see their prompts, as it does where it is answered.
    /// </summary>
    public int PackedExamples { get; init; } = 1;

    /// <summary>Of all random numbers.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Threads; 0 for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Steps between two saves.</summary>
    public long SaveEvery { get; init; } = 50;

    /// <summary>Steps between two validations; null for one an epoch.</summary>
    public long? ValidateEvery { get; init; }

    /// <summary>Of how many validation pictures the model's answers are shown.</summary>
    public int ShownPictures { get; init; } = 4;

    /// <summary>The port of 127.0.0.1 at which the run's page is shown as long as it goes on, 0 for a free one; null for none.</summary>
    public int? WatchPort { get; init; }

    /// <summary>Ends the run after so many validations without a better one; null for never.</summary>
    public int? Patience { get; init; }

    /// <summary>Whether an earlier run of the folder takes no further steps, and comes to its end as it is.</summary>
    public bool Finishes { get; init; }

    /// <summary>Whether soft tokens of a frozen tower are kept on the disk.</summary>
    public bool KeepsSoftTokens { get; init; }

    /// <summary>
    /// The task of <c>paligguf eval</c> by which the model is scored before and after, on the validation data; null for none.
    /// </summary>
    public string? EvaluationTask { get; init; }

    /// <summary>Whether a pair is written with the adapter in it.</summary>
    public bool Merges { get; init; }

    /// <summary>Whether PEFT's modules are named as before transformers 4.52.</summary>
    public bool OlderNames { get; init; }

    /// <summary>Loads libtorch as the run needs it, before anything is computed.</summary>
    /// <exception cref="PaliException">It can not be loaded, or finds no GPU where one is wanted.</exception>
    public void LoadTorch()
    {
        if (Network.IsStreamed) MemoryAdvice.ReturnFreedBlocks();
        TorchRuntime.Load(Threads, OnGpu);
    }

    /// <summary>The optimizer of what is trained.</summary>
    public IOptimizer MakeOptimizer(IReadOnlyList<TrainedTensor> trained) => Optimizer switch
    {
        OptimizerKind.Sgd => new Sgd(trained, Momentum, Adam.WeightDecay),
        OptimizerKind.Muon => new Muon(trained, Momentum, Adam),
        _ => new AdamW(trained, Adam),
    };

    /// <summary>All that the numbers of the run depend on, by the names of the command line.</summary>
    /// <param name="steps">The steps of the run.</param>
    /// <param name="data">What tells sets of examples apart.</param>
    /// <param name="threads">The threads that compute.</param>
    public IReadOnlyDictionary<string, string> Facts(long steps, string data, int threads)
    {
        string adam = Text($"adamw, betas {Adam.Beta1} and {Adam.Beta2}, epsilon {Adam.Epsilon}");
        Dictionary<string, string> facts = new(StringComparer.Ordinal)
        {
            ["model"] = FileFingerprint.Of(Model.Text),
            ["vision"] = FileFingerprint.Of(Model.Vision),
            ["data"] = data,
            ["method"] = Plan.Method.ToString(),
            ["rank"] = Text($"{Plan.Form.Rank}"),
            ["alpha"] = Text($"{Plan.Form.Alpha}"),
            ["rslora"] = Text($"{Plan.Form.RankStabilized}"),
            ["dropout"] = Text($"{Plan.Form.Dropout}"),
            ["targets"] = Plan.Targets.ToString(),
            ["tower"] = Text($"{Plan.AdaptsTower}"),
            ["compute"] = Network.Type.ToString(),
            ["device"] = get_default_device().type == DeviceType.CUDA ? "cuda" : "cpu",
            ["streamed"] = Text($"{Network.IsStreamed}"),
            ["no-final-soft-cap"] = Text($"{Network.WithoutFinalSoftCap}"),
            ["optimizer"] = Optimizer switch
            {
                OptimizerKind.Sgd => Text($"sgd, momentum {Momentum}"),
                OptimizerKind.Muon => Text($"muon, momentum {Momentum}; {adam}"),
                _ => adam,
            },
            ["weight-decay"] = Text($"{Adam.WeightDecay}"),
            ["rate"] = Text($"{Rate}"),
            ["schedule"] = Text($"{Schedule}, warm-up {WarmUp}"),
            ["clip"] = Text($"{Clip}"),
            ["loss"] = Mean.ToString(),
            ["steps"] = Text($"{steps}"),
            ["batch"] = Text($"{BatchSize}"),
            ["micro-batch"] = Text($"{MicroBatchSize}"),
            ["seed"] = Text($"{Seed}"),
            ["threads"] = Text($"{threads}"),
        };
        if (!Augmentation.IsNone) facts["augmentation"] = Augmentation.ToString();
        if (KeepsPicturesTogether) facts["by-picture"] = Text($"{KeepsPicturesTogether}");
        if (Network is { IsStreamed: true, MostKept: > 0 }) facts["keep-products"] = Text($"{Network.MostKept}");
        if (PackedExamples > 1) facts["pack"] = Text($"{PackedExamples}");
        if (Network.LocationSpread is { } spread) facts["location-spread"] = Text($"{spread}");
        return facts;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
