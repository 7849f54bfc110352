namespace PaliGguf.Conversion.Quantization;

/// <summary>
/// How the matrices of a vision tower are stored. Its rows of 1152 do not make blocks of 256, so only the types with blocks of 32 are for it. The projector, one
/// small matrix that all of a picture goes through, stays at 8 bits or more.
/// </summary>
internal sealed class VisionRecipe(ModelFileType fileType) : TypeRecipe(fileType)
{
    private readonly GgmlType _type = Types[fileType];

    /// <summary>The file types that a vision tower can have, and their matrices'.</summary>
    public static IReadOnlyDictionary<ModelFileType, GgmlType> Types { get; } = new Dictionary<ModelFileType, GgmlType>
    {
        [ModelFileType.F32] = GgmlType.F32,
        [ModelFileType.F16] = GgmlType.F16,
        [ModelFileType.BF16] = GgmlType.BF16,
        [ModelFileType.Q8_0] = GgmlType.Q8_0,
        [ModelFileType.Q5_1] = GgmlType.Q5_1,
        [ModelFileType.Q5_0] = GgmlType.Q5_0,
        [ModelFileType.Q4_1] = GgmlType.Q4_1,
        [ModelFileType.Q4_0] = GgmlType.Q4_0,
        [ModelFileType.IQ4_NL] = GgmlType.IQ4_NL,
    };

    /// <summary>The type that goes with a decoder of a type: the same for floating point, and 8 bits otherwise, which lose next to nothing.</summary>
    public static ModelFileType For(ModelFileType text) => text is ModelFileType.F32 or ModelFileType.F16 or ModelFileType.BF16 ? text : ModelFileType.Q8_0;

    protected override GgmlType ChooseMatrix(string name) => name.StartsWith("mm.", StringComparison.Ordinal) && _type.IsQuantized ? GgmlType.Q8_0 : _type;
}
