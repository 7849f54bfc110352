using System.CommandLine;
using PaliGguf.Gguf;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Runtime;
using PaliGguf.Training.Tuning;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training;

/// <summary>The options of <c>paligguf train DATA</c>.</summary>
internal sealed class TrainOptions
{
    // Of a decoder with more numbers, floats would take gigabytes.
    private const long LargestHeld = 1L << 28;

    private readonly Argument<string> _data = new("DATA")
    {
        Description = "What to train on: JSON lines of image, prefix and suffix; COCO's captions or objects; a Parquet file; a folder of these, or of pictures with a .txt beside each.",
    };

    private readonly Option<string> _output = new("--out") { Description = "The folder of the run; the same command goes on with what is there.", HelpName = "DIR", Required = true };
    private readonly Option<string?> _model = new("--model") { Description = "The text GGUF, or a folder with one pair. Default: PALIGGUF_MODEL.", HelpName = "FILE" };
    private readonly Option<string?> _vision = new("--vision") { Description = "The vision GGUF. Default: the one beside the text GGUF.", HelpName = "FILE" };
    private readonly Option<string> _method = OneOf("--method", "lora", "What is trained: an adapter, the decoder's attention, or all.", "lora", "attention", "full");
    private readonly Option<int> _rank = Number("--rank", 8, 1, 4096, "The adapter's rank.");
    private readonly Option<double?> _alpha = new("--alpha") { Description = "Its alpha: it is scaled by alpha / rank. Default: twice the rank.", HelpName = "X" };
    private readonly Option<bool> _rankStabilized = new("--rslora") { Description = "Scale by alpha / sqrt(rank)." };
    private readonly Option<double> _dropout = Number("--dropout", 0.0, 0, 0.99, "The part of its inputs that each step leaves out.");
    private readonly Option<string> _targets = OneOf("--targets", "q,v", "The matrices that get an adapter.", "q,v", "attention", "all-linear");
    private readonly Option<bool> _tower = new("--tower") { Description = "Adapt tower and projector too; then a merged pair is written." };
    private readonly Option<string?> _optimizer = OneOfOrNone("--optimizer", "Default: adamw; sgd for --method attention.", "adamw", "sgd");
    private readonly Option<double?> _rate = new("--rate") { Description = "The highest learning rate. Default: 1e-4; 0.03 for sgd.", HelpName = "X" };
    private readonly Option<string?> _schedule = OneOfOrNone("--schedule", "Default: linear; cosine for sgd.", "constant", "linear", "cosine");
    private readonly Option<double> _warmUp = Number("--warm-up", 0.1, 0, 1, "The part of the run over which the rate rises.");
    private readonly Option<double> _beta1 = Number("--beta1", 0.9, 0, 0.9999, "AdamW's.");
    private readonly Option<double> _beta2 = Number("--beta2", 0.98, 0, 0.999999, "AdamW's.");
    private readonly Option<double> _decay = Number("--weight-decay", 0.0, 0, 100, "Of matrices.");
    private readonly Option<double> _momentum = Number("--momentum", 0.0, 0, 0.9999, "Of sgd.");
    private readonly Option<double?> _clip = new("--clip") { Description = "The longest that all gradients together may be; 0 for any length. Default: 1; 0 for sgd.", HelpName = "X" };
    private readonly Option<string?> _loss = OneOfOrNone("--loss", "The mean over all tokens of a step, or over examples of their own means. Default: tokens; examples for --method attention.", "tokens", "examples");
    private readonly Option<bool> _noFinalSoftCap = new("--no-final-soft-cap") { Description = "Leave logits as they are, as big_vision fine-tunes PaliGemma 2." };
    private readonly Option<int> _epochs = Number("--epochs", 3, 1, 1_000_000, "How often each example is seen.");
    private readonly Option<long?> _steps = new("--steps") { Description = "The steps of the run, whatever the epochs.", HelpName = "N" };
    private readonly Option<int> _batch = Number("--batch", 8, 1, 1 << 16, "Examples a step.");
    private readonly Option<int> _micro = Number("--micro-batch", 4, 1, 1 << 16, "Examples that are computed together: fewer need less memory.");
    private readonly Option<long> _seed = new("--seed") { Description = "Of all random numbers. Default: 42.", HelpName = "N", DefaultValueFactory = _ => 42 };
    private readonly Option<int> _threads = Number("--threads", 0, 0, 1024, "Default: one per core.");
    private readonly Option<string?> _compute = OneOfOrNone("--compute", "What products are computed with. Default: bf16 where the processor multiplies it, else f32.", "f32", "bf16");
    private readonly Option<string?> _memory = OneOfOrNone("--weights", "Hold the decoder as floats, or turn each layer from the file when its turn comes. Default: what its size suggests.", "held", "streamed");
    private readonly Option<string?> _validation = new("--validation") { Description = "Examples that the run is measured by, and its best weights chosen.", HelpName = "DATA" };
    private readonly Option<long?> _validateEvery = new("--validate-every") { Description = "Steps between two validations. Default: an epoch.", HelpName = "N" };
    private readonly Option<int?> _patience = new("--patience") { Description = "End after so many validations that are not better.", HelpName = "N" };
    private readonly Option<int> _saveEvery = Number("--save-every", 50, 1, int.MaxValue, "Steps between two saves.");
    private readonly Option<bool> _keep = new("--keep-soft-tokens") { Description = "Keep what the frozen tower makes of each picture on the disk." };
    private readonly Option<bool> _merge = new("--merge") { Description = "Write a pair with the adapter in it too." };
    private readonly Option<bool> _olderNames = new("--older-names") { Description = "Name PEFT's modules as before transformers 4.52." };
    private readonly Option<string?> _prompt = new("--prompt") { Description = "The prompt of every example: {lang}, {question} and {labels} stand for theirs. Default: the examples' own, or 'caption {lang}'.", HelpName = "TEXT" };
    private readonly Option<string?> _task = new("--task") { Description = "The task of 'paligguf eval' whose prompt examples without one get.", HelpName = "NAME" };
    private readonly Option<string> _language = new("--lang") { Description = "The language of prompts. Default: en.", HelpName = "CODE", DefaultValueFactory = _ => "en" };
    private readonly Option<bool> _masks = new("--masks") { Description = "Of COCO's objects and the like: learn masks beside boxes." };
    private readonly Option<string?> _images = new("--images") { Description = "The folder with the pictures. Default: that of the file.", HelpName = "DIR" };
    private readonly Option<string?> _annotations = new("--annotations") { Description = "The answers, where the data set has the questions alone (VQAv2).", HelpName = "FILE" };
    private readonly Option<string> _split = new("--split") { Description = "The part of a folder. Default: train.", HelpName = "NAME", DefaultValueFactory = _ => "train" };
    private readonly Option<int?> _limit = new("--limit") { Description = "Only the first examples.", HelpName = "N" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_data);
        foreach (Option option in (Option[])
            [_output, _model, _vision, _method, _rank, _alpha, _rankStabilized, _dropout, _targets, _tower, _optimizer, _rate, _schedule, _warmUp, _beta1, _beta2, _decay,
                _momentum, _clip, _loss, _noFinalSoftCap, _epochs, _steps, _batch, _micro, _seed, _threads, _compute, _memory, _validation, _validateEvery, _patience, _saveEvery,
                _keep, _merge, _olderNames, _prompt, _task, _language, _masks, _images, _annotations, _split, _limit])
        {
            command.Add(option);
        }
    }

    /// <summary>The run that they ask for.</summary>
    /// <exception cref="PaliException">The model is not there.</exception>
    public TrainingSettings Read(ParseResult parse)
    {
        TuningMethod method = parse.GetValue(_method) switch { "attention" => TuningMethod.Attention, "full" => TuningMethod.Full, _ => TuningMethod.Lora };
        bool sgd = parse.GetValue(_optimizer) is { } optimizer ? optimizer == "sgd" : method == TuningMethod.Attention;
        double clip = Positive(parse, _clip, zero: true) ?? (sgd ? 0 : 1);
        int rank = parse.GetValue(_rank);
        ModelFiles model = Model(parse);
        return new TrainingSettings
        {
            Model = model,
            Data = parse.GetRequiredValue(_data),
            Output = parse.GetRequiredValue(_output),
            DataOptions = new DataOptions
            {
                Prompt = parse.GetValue(_prompt),
                Task = parse.GetValue(_task),
                Language = parse.GetRequiredValue(_language),
                Masks = parse.GetValue(_masks),
                Images = parse.GetValue(_images),
                Annotations = parse.GetValue(_annotations),
                Split = parse.GetValue(_split),
            },
            Validation = parse.GetValue(_validation),
            Limit = Positive(parse, _limit),
            Plan = new TuningPlan(method)
            {
                Form = new LowRankForm(rank, Positive(parse, _alpha) ?? 2.0 * rank, parse.GetValue(_rankStabilized), parse.GetValue(_dropout), parse.GetValue(_seed)),
                Targets = parse.GetValue(_targets) switch { "attention" => AdapterTargets.Attention, "all-linear" => AdapterTargets.AllLinear, _ => AdapterTargets.QueryValue },
                AdaptsTower = parse.GetValue(_tower),
            },
            Network = new NetworkOptions
            {
                Type = parse.GetValue(_compute) is { } compute ? (compute == "bf16" ? ScalarType.BFloat16 : ScalarType.Float32) : TorchRuntime.FastestType,
                IsStreamed = parse.GetValue(_memory) is { } memory ? memory == "streamed" : IsLarge(model),
                WithoutFinalSoftCap = parse.GetValue(_noFinalSoftCap),
            },
            UsesSgd = sgd,
            Adam = new AdamSettings(parse.GetValue(_beta1), parse.GetValue(_beta2), WeightDecay: parse.GetValue(_decay)),
            Momentum = parse.GetValue(_momentum),
            Rate = Positive(parse, _rate) ?? (sgd ? 0.03 : 1e-4),
            Schedule = parse.GetValue(_schedule) switch
            {
                "constant" => ScheduleKind.Constant,
                "linear" => ScheduleKind.Linear,
                "cosine" => ScheduleKind.Cosine,
                _ => sgd ? ScheduleKind.Cosine : ScheduleKind.Linear,
            },
            WarmUp = parse.GetValue(_warmUp),
            Clip = clip == 0 ? null : clip,
            Mean = parse.GetValue(_loss) is { } loss ? (loss == "examples" ? LossMean.Examples : LossMean.Tokens) : method == TuningMethod.Attention ? LossMean.Examples : LossMean.Tokens,
            Epochs = parse.GetValue(_epochs),
            Steps = Positive(parse, _steps),
            BatchSize = parse.GetValue(_batch),
            MicroBatchSize = parse.GetValue(_micro),
            Seed = parse.GetValue(_seed),
            Threads = parse.GetValue(_threads),
            SaveEvery = parse.GetValue(_saveEvery),
            ValidateEvery = Positive(parse, _validateEvery),
            Patience = Positive(parse, _patience),
            KeepsSoftTokens = parse.GetValue(_keep),
            Merges = parse.GetValue(_merge),
            OlderNames = parse.GetValue(_olderNames),
        };
    }

    private ModelFiles Model(ParseResult parse)
    {
        string? named = parse.GetValue(_model) ?? Environment.GetEnvironmentVariable("PALIGGUF_MODEL");
        if (string.IsNullOrEmpty(named)) throw new PaliException("no model is named: --model names the text GGUF of the pair that is to be trained.");
        return ModelFiles.Find(named, parse.GetValue(_vision));
    }

    private static bool IsLarge(ModelFiles model)
    {
        using GgufFile file = GgufFile.Open(model.Text);
        return file.Tensors.Sum(tensor => tensor.RowLength * tensor.RowCount) > LargestHeld;
    }

    private static T? Positive<T>(ParseResult parse, Option<T?> option, bool zero = false)
        where T : struct, System.Numerics.INumber<T>
    {
        T? value = parse.GetValue(option);
        if (value is { } number && !(number > T.Zero || (zero && number == T.Zero))) throw new PaliException($"{option.Name} is {number}; expected more than 0.");
        return value;
    }

    private static Option<T> Number<T>(string name, T other, T least, T most, string description)
        where T : struct, System.Numerics.INumber<T>
    {
        Option<T> option = new(name) { Description = $"{description}{(T.IsZero(other) ? "" : $" Default: {other}.")}", HelpName = "X", DefaultValueFactory = _ => other };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && T.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out T value) && !(value >= least && value <= most))
            {
                result.AddError($"{name} is {result.Tokens[0].Value}; expected {least} to {most}");
            }
        });
        return option;
    }

    private static Option<string> OneOf(string name, string other, string description, params string[] values)
    {
        Option<string> option = new(name) { Description = $"{description} Default: {other}.", DefaultValueFactory = _ => other };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    private static Option<string?> OneOfOrNone(string name, string description, params string[] values)
    {
        Option<string?> option = new(name) { Description = description };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
