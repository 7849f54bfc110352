using System.Numerics;
using System.Runtime.CompilerServices;

namespace PaliGguf.Products;

/// <summary>Layer normalization of a row: Ba, Kiros and Hinton, arXiv 1607.06450.</summary>
internal static class RowNorm
{
    /// <summary>(x - mean) / sqrt(variance + epsilon) * weight + bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(ReadOnlySpan<float> row, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon, Span<float> result)
    {
        weight = weight[..row.Length];
        bias = bias[..row.Length];
        result = result[..row.Length];
        float mean = Sum(row) / row.Length;
        float scale = 1 / MathF.Sqrt((SumOfSquares(row, mean) / row.Length) + epsilon);
        int index = 0;
        for (; index <= row.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            Vector<float> normed = (new Vector<float>(row[index..]) - new Vector<float>(mean)) * scale;
            ((normed * new Vector<float>(weight[index..])) + new Vector<float>(bias[index..])).CopyTo(result[index..]);
        }

        for (; index < row.Length; index++) result[index] = ((row[index] - mean) * scale * weight[index]) + bias[index];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum(ReadOnlySpan<float> row)
    {
        Vector<float> lanes = Vector<float>.Zero;
        int index = 0;
        for (; index <= row.Length - Vector<float>.Count; index += Vector<float>.Count) lanes += new Vector<float>(row[index..]);
        float sum = Vector.Sum(lanes);
        for (; index < row.Length; index++) sum += row[index];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float SumOfSquares(ReadOnlySpan<float> row, float mean)
    {
        Vector<float> lanes = Vector<float>.Zero;
        int index = 0;
        for (; index <= row.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            Vector<float> difference = new Vector<float>(row[index..]) - new Vector<float>(mean);
            lanes += difference * difference;
        }

        float sum = Vector.Sum(lanes);
        for (; index < row.Length; index++) sum += (row[index] - mean) * (row[index] - mean);
        return sum;
    }
}
