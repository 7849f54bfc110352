using PaliGguf.Conversion.Sources;
using PaliGguf.Gguf;

namespace PaliGguf.Conversion.Tensors;

/// <summary>
/// PaliGemma's linear projector as the projector of LLaVA, two layers with a GELU between them: gelu(x) - gelu(-x) = x for every x, so that
/// [W, -W] gelu([I; -I] x) = W x. The result is divided by the square root of the decoder's width, which the decoder multiplies its input
/// with.
/// </summary>
internal static class MlpProjector
{
    private const string TypeKey = "clip.projector_type";
    private const string FlagKey = "clip.has_llava_projector";
    private const string LayerKey = "clip.vision.feature_layer";

    /// <summary>The first layer's matrix, whose ones are exact in F16 and not in blocks of 8 bits.</summary>
    public const string FirstMatrix = "mm.0.weight";

    /// <summary>What only a projector of two layers has.</summary>
    public const string SecondMatrix = "mm.2.weight";

    /// <summary>Whether the form has a value of its own for a metadata key, or none.</summary>
    public static bool Replaces(string key) =>
        key is TypeKey or FlagKey or LayerKey || key.StartsWith("paligguf.", StringComparison.Ordinal);

    /// <summary>Sets the metadata that tells of it.</summary>
    /// <param name="metadata">Where <see cref="Replaces"/> holds for no key yet.</param>
    /// <param name="layers">The tower's layers, the last of which the projector sees.</param>
    public static void Describe(GgufWriter metadata, int layers)
    {
        metadata.Set(TypeKey, "mlp");
        metadata.Set(FlagKey, true);
        metadata.SetArray<int>(LayerKey, [layers]);
    }

    /// <summary>The tower as it is, and the two layers in place of the one.</summary>
    /// <param name="tensors">The tensors of a vision file.</param>
    /// <param name="projector">The name of its projector, before <c>.weight</c> and <c>.bias</c>.</param>
    public static IReadOnlyList<PlannedTensor> Plan(IReadOnlyList<PlannedTensor> tensors, string projector)
    {
        SourceTensor weight = tensors.Single(tensor => tensor.Name == projector + ".weight").Source;
        SourceTensor bias = tensors.Single(tensor => tensor.Name == projector + ".bias").Source;
        float scale = 1 / MathF.Sqrt(weight.Shape[0]);
        return
        [
            .. tensors.Where(tensor => tensor.Name.StartsWith("v.", StringComparison.Ordinal)),
            new PlannedTensor(FirstMatrix, TensorRole.PreciseMatrix, new SignedIdentity(weight)),
            new PlannedTensor("mm.0.bias", TensorRole.Exact, new ZeroTensor(weight, 2 * weight.Shape[1])),
            new PlannedTensor(SecondMatrix, TensorRole.Matrix, new MirroredTensor(weight, scale)),
            new PlannedTensor("mm.2.bias", TensorRole.Exact, new ScaledTensor(bias, scale)),
        ];
    }
}
