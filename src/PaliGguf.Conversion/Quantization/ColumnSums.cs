namespace PaliGguf.Conversion.Quantization;

/// <summary>The squares of the rows that one matrix was multiplied with, summed for each column.</summary>
/// <param name="squares">The sums: finite, not negative.</param>
/// <param name="rows">How many rows they are of.</param>
internal sealed class ColumnSums(double[] squares, long rows)
{
    public double[] Squares => squares;

    public long Rows { get; private set; } = rows;

    public void AddSquares(ReadOnlySpan<float> row)
    {
        for (int column = 0; column < squares.Length; column++) squares[column] += (double)row[column] * row[column];
        Rows++;
    }

    /// <summary>Adds others, each of whose rows counts as much as some number of rows here; they stay as many as they are.</summary>
    public void Add(ColumnSums other, double factor = 1)
    {
        for (int column = 0; column < squares.Length; column++) squares[column] += other.Squares[column] * factor;
        Rows += other.Rows;
    }

    public float[] Means() => Array.ConvertAll(squares, sum => (float)Math.Min(sum / Rows, float.MaxValue));
}
