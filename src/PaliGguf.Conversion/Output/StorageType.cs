using PaliGguf.Conversion.Tensors;
using PaliGguf.Gguf;

namespace PaliGguf.Conversion.Output;

/// <summary>How a tensor is stored in a file of a type.</summary>
internal static class StorageType
{
    public static GgmlType Choose(ModelFileType file, PlannedTensor tensor)
    {
        if (tensor.Role == TensorRole.Exact) return GgmlType.F32;
        return file switch
        {
            ModelFileType.F32 => GgmlType.F32,
            ModelFileType.F16 => GgmlType.F16,
            ModelFileType.Q8_0 => tensor.Role == TensorRole.Matrix && tensor.Source.Shape[^1] % GgmlType.Q8_0.BlockSize == 0 ? GgmlType.Q8_0 : GgmlType.F16,

            // A bfloat16 weight rounds what it is multiplied with to bfloat16 too, and 8 bits are too few for pixels;
            // F16 could overflow. This one tensor is small enough to be exact.
            ModelFileType.BF16 => tensor.Role == TensorRole.PatchMatrix ? GgmlType.F32 : GgmlType.BF16,
            _ => throw new ArgumentOutOfRangeException(nameof(file), file, "Unknown file type."),
        };
    }

    /// <summary>The largest magnitude that can be stored: for Q8_0, 127 times the largest scale, which is an F16.</summary>
    public static float Largest(GgmlType type) => type switch
    {
        GgmlType.F16 => 65504f,
        GgmlType.BF16 => BitConverter.UInt32BitsToSingle(0x7F7F_7FFF),
        GgmlType.Q8_0 => 65504f * 127,
        _ => float.MaxValue,
    };
}
