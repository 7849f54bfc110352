using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Quantization;

/// <summary>How each tensor of one file is stored.</summary>
internal abstract class TypeRecipe(ModelFileType fileType)
{
    public ModelFileType FileType { get; } = fileType;

    public GgmlType Choose(PlannedTensor tensor) => Choose(tensor.Name, tensor.Role, tensor.Source.Shape[^1]);

    public GgmlType Choose(string name, TensorRole role, long rowLength) => role switch
    {
        TensorRole.Exact => GgmlType.F32,
        TensorRole.Half => GgmlType.F16,
        TensorRole.Quarter => GgmlType.Q8_0,

        // A bfloat16 weight rounds what it is multiplied with to bfloat16 too, and 8 bits are too few for pixels;
        // F16 could overflow. Such a tensor is small enough to be exact.
        TensorRole.PreciseMatrix => FileType is ModelFileType.F32 or ModelFileType.BF16 ? GgmlType.F32 : GgmlType.F16,
        _ => Fit(ChooseMatrix(name), rowLength),
    };

    /// <summary>The type of a matrix, wherever its rows can be cut into whole blocks.</summary>
    protected abstract GgmlType ChooseMatrix(string name);

    /// <summary>The next better type with smaller blocks, where rows do not make whole ones.</summary>
    private static GgmlType Fit(GgmlType type, long rowLength)
    {
        while (rowLength % type.BlockSize != 0)
        {
            type = type switch
            {
                GgmlType.Q6_K => GgmlType.Q8_0,
                GgmlType.Q5_K => GgmlType.Q5_1,
                GgmlType.Q4_K => GgmlType.Q5_0,
                GgmlType.NVFP4 => GgmlType.MXFP4,
                _ when type.BlockSize > 32 => GgmlType.IQ4_NL,
                _ => GgmlType.F16,
            };
        }

        return type;
    }
}
