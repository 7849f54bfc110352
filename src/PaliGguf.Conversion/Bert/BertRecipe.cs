using PaliGguf.Conversion.Quantization;

namespace PaliGguf.Conversion.Bert;

/// <summary>How the matrices of a BERT are stored: all in one type. A score is to equal the original's, so there is nothing below 8 bits.</summary>
internal sealed class BertRecipe(ModelFileType fileType) : TypeRecipe(fileType)
{
    private readonly GgmlType _type = Types[fileType];

    /// <summary>The file types that there are, and their matrices'.</summary>
    public static IReadOnlyDictionary<ModelFileType, GgmlType> Types { get; } = new Dictionary<ModelFileType, GgmlType>
    {
        [ModelFileType.F32] = GgmlType.F32,
        [ModelFileType.F16] = GgmlType.F16,
        [ModelFileType.BF16] = GgmlType.BF16,
        [ModelFileType.Q8_0] = GgmlType.Q8_0,
    };

    protected override GgmlType ChooseMatrix(string name) => _type;
}
