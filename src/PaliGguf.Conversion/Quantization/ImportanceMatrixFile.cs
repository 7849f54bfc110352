using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using PaliGguf.Conversion.Sources;
using PaliGguf.Gguf;

namespace PaliGguf.Conversion.Quantization;

/// <summary>
/// The file of an <see cref="ImportanceMatrix"/> as llama.cpp's tools/imatrix/imatrix.cpp writes it: for each matrix NAME the tensors NAME.in_sum2, the sums of squares,
/// and NAME.counts, the number of rows. Others, which newer releases add, are passed over.
/// </summary>
internal static class ImportanceMatrixFile
{
    private const string TypeKey = "general.type";
    private const string Type = "imatrix";
    private const string DatasetsKey = "imatrix.datasets";
    private const string ChunkCountKey = "imatrix.chunk_count";
    private const string ChunkSizeKey = "imatrix.chunk_size";
    private const string SumsSuffix = ".in_sum2";
    private const string CountsSuffix = ".counts";

    // Beyond it the sums of a file can not come from real rows.
    private const double MostRows = 1L << 52;

    public static ImportanceMatrix Read(string path)
    {
        RefuseFormerFormat(path);
        using GgufFile file = GgufFile.Open(path);
        if (!file.Metadata.TryGetString(TypeKey, out string? type) || !string.Equals(type, Type, StringComparison.Ordinal))
        {
            throw new ModelFormatException(path, $"it is no importance matrix: {TypeKey} is {(type is null ? "missing" : OneLine.Show(type))}, expected {Type}.");
        }

        ImportanceMatrix matrix = new();
        foreach (GgufTensor sums in file.Tensors.Where(tensor => tensor.Name.EndsWith(SumsSuffix, StringComparison.Ordinal)))
        {
            string weight = sums.Name[..^SumsSuffix.Length];
            ColumnSums columns = ReadSums(file, sums, file.GetTensor(weight + CountsSuffix));
            if (columns.Rows > 0) matrix.Set(weight, columns);
        }

        if (matrix.Weights.Count == 0) throw new ModelFormatException(path, $"it has no data: no tensor NAME{SumsSuffix} with rows counted.");
        if (file.Metadata.TryGetUInt32(ChunkCountKey, out uint chunks)) matrix.SetChunks((int)Math.Min(chunks, int.MaxValue));
        if (file.Metadata.Contains(DatasetsKey))
        {
            foreach (string dataset in file.Metadata.GetStringArray(DatasetsKey)) matrix.NameDataset(dataset);
        }

        return matrix;
    }

    public static void Write(ImportanceMatrix matrix, string path, CancellationToken cancellationToken)
    {
        if (matrix.Weights.Count == 0) throw new PaliException($"{path}: there is no data to be written: the model has not run yet.");
        GgufWriter writer = new();
        writer.Set(TypeKey, Type);
        writer.SetArray(DatasetsKey, matrix.Datasets);
        uint chunks = (uint)Math.Max(matrix.Chunks, 1);
        writer.Set(ChunkCountKey, chunks);
        // Readers take the most rows divided by this for the number of chunks.
        writer.Set(ChunkSizeKey, (uint)Math.Clamp(matrix.Weights.Max(matrix.Rows) / chunks, 1, uint.MaxValue));
        foreach (string weight in matrix.Weights)
        {
            ColumnSums sums = matrix[weight];
            AddTensor(writer, weight + SumsSuffix, Array.ConvertAll(sums.Squares, sum => (float)Math.Min(sum, float.MaxValue)));
            AddTensor(writer, weight + CountsSuffix, [sums.Rows]);
        }

        writer.Write(path, cancellationToken: cancellationToken);
    }

    private static ColumnSums ReadSums(GgufFile file, GgufTensor sums, GgufTensor counts)
    {
        if (counts.Type == GgmlType.F32 && counts.RowCount * counts.RowLength > 1)
        {
            throw new ModelFormatException(file.Path, $"{counts.Name} has {counts.RowCount * counts.RowLength} counts: it is for a mixture of experts, which PaliGemma is not.");
        }

        double[] squares = new double[ElementCount(file, sums)];
        TensorPrimitives.ConvertTruncating<float, double>(ReadElements(file, sums), squares);
        double rows = ReadElements(file, counts)[0];
        return rows <= MostRows
            ? new ColumnSums(squares, (long)Math.Ceiling(rows))
            : throw new ModelFormatException(file.Path, $"{counts.Name} counts {rows} rows, expected at most {MostRows}.");
    }

    private static int ElementCount(GgufFile file, GgufTensor tensor)
    {
        if (tensor.Type != GgmlType.F32) throw new ModelFormatException(file.Path, $"{tensor.Name} is of type {tensor.Type.Name}, expected F32.");
        long count = tensor.ByteLength / sizeof(float);
        return count <= Array.MaxLength / sizeof(double) ? (int)count : throw new ModelFormatException(file.Path, $"{tensor.Name} has {count} elements, more than a matrix's row.");
    }

    private static float[] ReadElements(GgufFile file, GgufTensor tensor)
    {
        float[] elements = new float[ElementCount(file, tensor)];
        file.CopyTo(tensor, 0, MemoryMarshal.AsBytes(elements.AsSpan()));
        int bad = Array.FindIndex(elements, element => !float.IsFinite(element) || element < 0);
        return bad < 0 ? elements : throw new ModelFormatException(file.Path, $"element {bad} of {tensor.Name} is {elements[bad]}, expected 0 or more.");
    }

    private static void AddTensor(GgufWriter writer, string name, float[] values)
    {
        try
        {
            writer.AddTensor(name, GgmlType.F32, [values.Length, 1], (stream, _) => stream.Write(MemoryMarshal.AsBytes(values.AsSpan())));
        }
        catch (ArgumentException e)
        {
            throw new PaliException($"The tensor {OneLine.Show(name)} can not be in a GGUF file: {OneLine.Show(e.Message)}", e);
        }
    }

    // It begins with the number of its entries, and each of these with the length of its name: no GGUF file looks like that.
    private static void RefuseFormerFormat(string path)
    {
        using FileStream stream = new(CheckpointFile.Open(path), FileAccess.Read);
        Span<byte> head = stackalloc byte[8];
        if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || head.StartsWith("GGUF"u8)) return;
        ReadOnlySpan<int> numbers = MemoryMarshal.Cast<byte, int>(head);
        if (numbers[0] is < 1 or > 1 << 16 || numbers[1] is < 1 or > 255) return;
        throw new ModelFormatException(path, "it looks like an importance matrix in llama.cpp's former format: turn it into GGUF with llama-imatrix --in-file OLD.dat -o NEW.gguf.");
    }
}
