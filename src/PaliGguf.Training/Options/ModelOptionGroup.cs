using System.CommandLine;
using PaliGguf.Gguf;
using PaliGguf.Hosting.Models;
using PaliGguf.Training.Network;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Options;

/// <summary>The model, and how it is computed.</summary>
internal sealed class ModelOptionGroup : IOptionGroup
{
    // Of a decoder with more numbers, floats would take gigabytes.
    private const long LargestHeld = 1L << 28;

    private readonly Option<string?> _model = OptionForms.Text(
        "--model", "FILE|NAME", "The text GGUF, a folder with one pair, or the name of a model that was pulled. Default: PALIGGUF_MODEL.");

    private readonly Option<string?> _vision = OptionForms.Text(
        "--vision", "FILE", "The vision GGUF. Default: the one beside the text GGUF.");

    private readonly Option<string?> _compute = OptionForms.OneOfOrNone(
        "--compute", "What products are computed with. Default: bf16 where the processor multiplies it, else f32.", "f32", "bf16");

    private readonly Option<string?> _device = OptionForms.OneOfOrNone(
        "--device", "Where it is computed. Default: a GPU where libtorch was built for one and finds it (untried), else the processor.",
        "cpu", "cuda");

    private readonly Option<string?> _memory = OptionForms.OneOfOrNone(
        "--weights",
        "Hold the decoder as floats, or turn each layer from the file when its turn comes. Default: what its size suggests.",
        "held", "streamed");

    private readonly Option<string> _keep = OptionForms.Text(
        "--keep-products", "SIZE", "300MB",
        "Memory for products of streamed layers, which are then not multiplied once more on the way back: 0 for none.");

    private readonly Option<bool> _noFinalSoftCap = OptionForms.Switch(
        "--no-final-soft-cap", "Leave logits as they are, as big_vision fine-tunes PaliGemma 2.");

    /// <inheritdoc/>
    public IReadOnlyList<Option> All => [_model, _vision, _compute, _device, _memory, _keep, _noFinalSoftCap];

    /// <summary>The pair that is named.</summary>
    /// <exception cref="PaliException">None is, or it is not there.</exception>
    public ModelFiles Files(ParseResult parse)
    {
        string? named = parse.GetValue(_model) ?? Environment.GetEnvironmentVariable("PALIGGUF_MODEL");
        return string.IsNullOrEmpty(named)
            ? throw new PaliException("no model is named: --model names the text GGUF of the pair that is to be trained.")
            : ModelFiles.Find(PulledName.ModelPath(named), parse.GetValue(_vision));
    }

    /// <inheritdoc/>
    public TrainingSettings Apply(ParseResult parse, TrainingSettings settings) => settings with
    {
        OnGpu = parse.GetValue(_device) is { } device ? device == "cuda" : null,
        Network = new NetworkOptions
        {
            Type = parse.GetValue(_compute) switch
            {
                "bf16" => ScalarType.BFloat16,
                "f32" => ScalarType.Float32,
                _ => TorchRuntime.FastestType,
            },
            IsStreamed = parse.GetValue(_memory) is { } memory ? memory == "streamed" : IsLarge(settings.Model),
            MostKept = ByteSize.TryParse(parse.GetRequiredValue(_keep), out long kept) ? kept
                : throw new PaliException($"--keep-products is '{parse.GetValue(_keep)}'; expected a size like 300MB, or 0."),
            WithoutFinalSoftCap = parse.GetValue(_noFinalSoftCap),
        },
    };

    private static bool IsLarge(ModelFiles model)
    {
        using GgufFile file = GgufFile.Open(model.Text);
        return file.Tensors.Sum(tensor => tensor.RowLength * tensor.RowCount) > LargestHeld;
    }
}
