namespace PaliGguf.Conversion.Quantization;

/// <summary>Whether types that a caller chose can be had at all.</summary>
internal static class TypeChecks
{
    /// <exception cref="ArgumentException">One of the types is unknown, or not for what it is to store.</exception>
    public static void Check(ModelFileType? text, ModelFileType? vision, GgmlType? embedding)
    {
        if (text is { } own && !Enum.IsDefined(own)) throw new ArgumentException($"{own} is not a file type.");
        if (vision is { } tower && !VisionRecipe.Types.ContainsKey(tower))
        {
            throw new ArgumentException($"A vision tower can not be stored as {tower}: choose one of {string.Join(", ", VisionRecipe.Types.Keys)}.");
        }

        if (embedding is { HoldsWeights: false }) throw new ArgumentException($"An embedding can not be stored as {embedding}.");
    }
}
