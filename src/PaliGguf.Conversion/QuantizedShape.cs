using PaliGguf.Conversion.Quantization;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Gguf;
using PaliGguf.Memory;

namespace PaliGguf.Conversion;

/// <summary>The shape that a published size has once it is converted, for plans about models that one does not have yet.</summary>
public static class QuantizedShape
{
    private const string PatchMatrix = "v.patch_embd.weight";
    private const string Positions = "v.position_embd.weight";

    /// <summary>The shape of a size in a type.</summary>
    /// <param name="size">The size.</param>
    /// <param name="text">The decoder's type.</param>
    /// <param name="vision">The vision tower's type; null for the one that goes with the decoder's.</param>
    /// <param name="embedding">The token embedding's type; null for the one that belongs to the decoder's.</param>
    /// <exception cref="ArgumentException">A type is unknown, or not for what it is to store.</exception>
    public static ModelShape Of(ModelSize size, ModelFileType text, ModelFileType? vision = null, GgmlType? embedding = null)
    {
        ArgumentNullException.ThrowIfNull(size);
        TypeChecks.Check(text, vision, embedding);
        TextRecipe textRecipe = new(text, size.LayerCount, size.HeadCount / size.KeyValueHeadCount, embedding: embedding);
        VisionRecipe visionRecipe = new(vision ?? VisionRecipe.For(text));
        return ModelShape.Of(size, tensor => Choose(textRecipe, tensor), tensor => Choose(visionRecipe, tensor));
    }

    private static GgmlType Choose(TypeRecipe recipe, ExpectedTensor tensor)
    {
        TensorRole role = tensor switch
        {
            { Name: PatchMatrix } => TensorRole.PreciseMatrix,
            { Name: Positions } or { Shape.Length: 1 } => TensorRole.Exact,
            _ => TensorRole.Matrix,
        };
        return recipe.Choose(tensor.Name, role, tensor.Shape[0]);
    }
}
