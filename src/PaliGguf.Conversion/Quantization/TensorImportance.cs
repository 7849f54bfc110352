using System.Numerics.Tensors;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Gguf;
using PaliGguf.Interop;

namespace PaliGguf.Conversion.Quantization;

/// <summary>How much the columns of each matrix count when it is quantized: from an importance matrix, or all alike.</summary>
/// <param name="find">The mean square of what each column of a tensor is multiplied with; null for a tensor that nothing is known of.</param>
/// <param name="path">The file it comes from, for messages; null for none.</param>
internal sealed class TensorImportance(Func<string, float[]?>? find, string? path)
{
    // Columns that never saw anything but zero still hold numbers, and ggml divides by the weight of a block.
    private const float Least = 1e-6f;

    /// <summary>All columns count alike.</summary>
    public static TensorImportance Even { get; } = new(find: null, path: null);

    /// <summary>Whether there is an importance matrix at all.</summary>
    public bool IsWeighted => find is not null;

    /// <exception cref="ConversionException">The type needs an importance that is not there, or the matrix has another width.</exception>
    public void Check(PlannedTensor tensor, GgmlType type)
    {
        long width = tensor.Source.Shape[^1];
        if (!UsesImportance(type)) return;
        float[]? columns = find?.Invoke(tensor.Name);
        if (columns is null && GgmlRows.NeedsImportance(type))
        {
            throw new ConversionException(
                $"{OneLine.Show(tensor.Name)} can be stored as {type} only with an importance matrix: {(path is null ? "gather one with 'paligguf imatrix' and give it with --imatrix" : $"{path} does not cover it")}");
        }

        if (columns is not null && columns.Length != width)
        {
            throw new ConversionException($"{path}: it has {columns.Length} columns for {OneLine.Show(tensor.Name)}, which has {width}: it is of another model");
        }
    }

    /// <summary>The importance of a tensor's columns; empty where all count alike.</summary>
    public ReadOnlyMemory<float> Of(PlannedTensor tensor, GgmlType type)
    {
        if (!UsesImportance(type) || find?.Invoke(tensor.Name) is not { } columns) return default;
        float mean = TensorPrimitives.Average(columns);
        if (!(mean > 0) || !float.IsFinite(mean)) return default;
        float[] scaled = new float[columns.Length];
        TensorPrimitives.Divide(columns, mean, scaled);
        TensorPrimitives.Max(scaled, Least, scaled);
        return scaled;
    }

    private static bool UsesImportance(GgmlType type) => type.IsQuantized && type is not GgmlType.Q8_0;
}
