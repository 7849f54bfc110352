using System.CommandLine;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Tuning;

namespace PaliGguf.Training.Options;

/// <summary>How it is trained. What is left open follows from the method and the optimizer.</summary>
internal sealed class OptimizerOptionGroup : IOptionGroup
{
    private const double MomentumOfMuon = 0.95;

    private readonly Option<string?> _optimizer = OptionForms.OneOfOrNone(
        "--optimizer",
        "Default: adamw; sgd for --method attention. muon for layers' matrices, and adamw for the rest, learns faster with --method full.",
        "adamw", "sgd", "muon");

    private readonly Option<double?> _rate = OptionForms.Number<double>(
        "--rate", "The highest learning rate. Default: 1e-4; 0.03 for sgd.");

    private readonly Option<string?> _schedule = OptionForms.OneOfOrNone(
        "--schedule", "Default: linear; cosine for sgd.", "constant", "linear", "cosine");

    private readonly Option<double> _warmUp = OptionForms.Number("--warm-up", 0.1, 0, 1, "The part of the run over which the rate rises.");
    private readonly Option<double> _beta1 = OptionForms.Number("--beta1", 0.9, 0, 0.9999, "AdamW's.");
    private readonly Option<double> _beta2 = OptionForms.Number("--beta2", 0.98, 0, 0.999999, "AdamW's.");
    private readonly Option<double> _decay = OptionForms.Number("--weight-decay", 0.0, 0, 100, "Of matrices.");
    private readonly Option<double> _momentum = OptionForms.Number(
        "--momentum", 0.0, 0, 0.9999, "Of sgd and muon. Default: 0; 0.95 for muon.");

    private readonly Option<double?> _clip = OptionForms.Number<double>(
        "--clip", "The longest that all gradients together may be; 0 for any length. Default: 1; 0 for sgd.");

    private readonly Option<string?> _loss = OptionForms.OneOfOrNone(
        "--loss",
        "The mean over all tokens of a step, or over examples of their own means. Default: tokens; examples for --method attention.",
        "tokens", "examples");

    private readonly Option<double?> _spread = OptionForms.Number<double>(
        "--location-spread",
        "Locations beside the right one are nearly right: the standard deviation in 1024ths of the side. Default: none but the right one.");

    /// <inheritdoc/>
    public IReadOnlyList<Option> All =>
        [_optimizer, _rate, _schedule, _warmUp, _beta1, _beta2, _decay, _momentum, _clip, _loss, _spread];

    /// <inheritdoc/>
    public TrainingSettings Apply(ParseResult parse, TrainingSettings settings)
    {
        bool isAttention = settings.Plan.Method == TuningMethod.Attention;
        OptimizerKind optimizer = parse.GetValue(_optimizer) switch
        {
            "adamw" => OptimizerKind.AdamW,
            "sgd" => OptimizerKind.Sgd,
            "muon" => OptimizerKind.Muon,
            _ => isAttention ? OptimizerKind.Sgd : OptimizerKind.AdamW,
        };
        bool sgd = optimizer == OptimizerKind.Sgd;
        if (optimizer == OptimizerKind.Muon && settings.Plan.Method == TuningMethod.Lora)
            throw new PaliException("--optimizer muon is for whole matrices: --method attention or full.");
        bool hasMomentum = parse.GetResult(_momentum) is { Implicit: false };
        double clip = parse.Positive(_clip, zero: true) ?? (sgd ? 0 : 1);
        return settings with
        {
            Network = settings.Network with { LocationSpread = parse.Positive(_spread) },
            Optimizer = optimizer,
            Adam = new AdamSettings(parse.GetValue(_beta1), parse.GetValue(_beta2), WeightDecay: parse.GetValue(_decay)),
            Momentum = optimizer == OptimizerKind.Muon && !hasMomentum ? MomentumOfMuon : parse.GetValue(_momentum),
            Rate = parse.Positive(_rate) ?? (sgd ? 0.03 : 1e-4),
            Schedule = parse.GetValue(_schedule) switch
            {
                "constant" => ScheduleKind.Constant,
                "linear" => ScheduleKind.Linear,
                "cosine" => ScheduleKind.Cosine,
                _ => sgd ? ScheduleKind.Cosine : ScheduleKind.Linear,
            },
            WarmUp = parse.GetValue(_warmUp),
            Clip = clip == 0 ? null : clip,
            Mean = parse.GetValue(_loss) switch
            {
                "examples" => LossMean.Examples,
                "tokens" => LossMean.Tokens,
                _ => isAttention ? LossMean.Examples : LossMean.Tokens,
            },
        };
    }
}
