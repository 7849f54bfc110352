using System.CommandLine;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Tuning;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Options;

/// <summary>What of the model is trained.</summary>
internal sealed class TuningOptionGroup : IOptionGroup
{
    private readonly Option<string> _method = OptionForms.OneOf(
        "--method", "lora", "What is trained: an adapter, the decoder's attention, or all.", "lora", "attention", "full");

    private readonly Option<int> _rank = OptionForms.Number("--rank", 8, 1, 4096, "The adapter's rank.");

    private readonly Option<double?> _alpha = OptionForms.Number<double>(
        "--alpha", "Its alpha: it is scaled by alpha / rank. Default: twice the rank.");

    private readonly Option<bool> _rankStabilized = OptionForms.Switch("--rslora", "Scale by alpha / sqrt(rank).");

    private readonly Option<double> _dropout = OptionForms.Number(
        "--dropout", 0.0, 0, 0.99, "The part of its inputs that each step leaves out.");

    private readonly Option<string> _targets = OptionForms.OneOf(
        "--targets", "q,v", "The matrices that get an adapter.", "q,v", "attention", "all-linear");

    private readonly Option<bool> _tower = OptionForms.Switch(
        "--tower", "Adapt tower and projector too; then a merged pair is written.");

    /// <inheritdoc/>
    public IReadOnlyList<Option> All => [_method, _rank, _alpha, _rankStabilized, _dropout, _targets, _tower];

    /// <inheritdoc/>
    public TrainingSettings Apply(ParseResult parse, TrainingSettings settings)
    {
        TuningMethod method = parse.GetValue(_method) switch
        {
            "attention" => TuningMethod.Attention,
            "full" => TuningMethod.Full,
            _ => TuningMethod.Lora,
        };
        int rank = parse.GetValue(_rank);
        return settings with
        {
            Plan = new TuningPlan(method)
            {
                Form = new LowRankForm(
                    rank, parse.Positive(_alpha) ?? 2.0 * rank, parse.GetValue(_rankStabilized), parse.GetValue(_dropout), settings.Seed),
                Targets = parse.GetValue(_targets) switch
                {
                    "attention" => AdapterTargets.Attention,
                    "all-linear" => AdapterTargets.AllLinear,
                    _ => AdapterTargets.QueryValue,
                },
                AdaptsTower = parse.GetValue(_tower),
            },
        };
    }
}
