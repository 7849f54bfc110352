using System.Numerics.Tensors;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Gguf;
using PaliGguf.Interop;

namespace PaliGguf.Conversion.Quantization;

/// <summary>How much the columns of each matrix count when it is quantized: from an importance matrix, or all alike.</summary>
internal sealed class TensorImportance
{
    private readonly ImportanceMatrix? _matrix;
    private readonly string? _path;

    private TensorImportance(ImportanceMatrix? matrix, string? path)
    {
        _matrix = matrix;
        _path = path;
    }

    // Columns that never saw anything but zero still hold numbers, and ggml divides by the weight of a block.
    private const float Least = 1e-6f;

    /// <summary>All columns count alike.</summary>
    public static TensorImportance Even { get; } = new(matrix: null, path: null);

    /// <summary>Whether there is an importance matrix at all.</summary>
    public bool IsWeighted => _matrix is not null;

    /// <summary>Reads an importance matrix.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <exception cref="ModelFormatException">It is malformed.</exception>
    public static TensorImportance Read(string? path) => path is null ? Even : new(ImportanceMatrix.Read(path), path);

    /// <summary>Notes in a file what it was quantized with, under the keys that llama.cpp's llama-quantize has for it.</summary>
    public void Describe(GgufWriter metadata)
    {
        if (_matrix is null) return;
        metadata.Set("quantize.imatrix.file", Path.GetFileName(_path!));
        if (_matrix.Datasets.Count > 0) metadata.Set("quantize.imatrix.dataset", _matrix.Datasets[0]);
        metadata.Set("quantize.imatrix.entries_count", (uint)_matrix.Weights.Count);
        metadata.Set("quantize.imatrix.chunks_count", (uint)_matrix.Chunks);
    }

    /// <exception cref="ConversionException">The type needs an importance that is not there, or the matrix has another width.</exception>
    public void Check(PlannedTensor tensor, GgmlType type)
    {
        long width = tensor.Source.Shape[^1];
        if (!UsesImportance(type)) return;
        float[]? columns = _matrix?.MeanSquares(tensor.Name);
        if (columns is null && GgmlRows.NeedsImportance(type))
        {
            throw new ConversionException(
                $"{OneLine.Show(tensor.Name)} can be stored as {type} only with an importance matrix: {(_path is null ? "gather one with 'paligguf imatrix' and give it with --imatrix" : $"{_path} does not cover it")}");
        }

        if (columns is not null && columns.Length != width)
        {
            throw new ConversionException($"{_path}: it has {columns.Length} columns for {OneLine.Show(tensor.Name)}, which has {width}: it is of another model");
        }
    }

    /// <summary>The importance of a tensor's columns; empty where all count alike.</summary>
    public ReadOnlyMemory<float> Of(PlannedTensor tensor, GgmlType type)
    {
        if (!UsesImportance(type) || _matrix?.MeanSquares(tensor.Name) is not { } columns) return default;
        float mean = TensorPrimitives.Average(columns);
        float[] scaled = new float[columns.Length];
        if (!(mean > 0) || !float.IsFinite(mean))
        {
            // Nothing but zeros went in. Some types are not stored without an importance, even of no meaning.
            if (!GgmlRows.NeedsImportance(type)) return default;
            Array.Fill(scaled, 1);
            return scaled;
        }

        TensorPrimitives.Divide(columns, mean, scaled);
        TensorPrimitives.Max(scaled, Least, scaled);
        return scaled;
    }

    private static bool UsesImportance(GgmlType type) => type.IsQuantized && type is not GgmlType.Q8_0;
}
