using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>The identity of what a matrix is multiplied with, and below it the same with a minus: n columns and 2 n rows.</summary>
/// <param name="matrix">The matrix, which has n columns.</param>
internal sealed class SignedIdentity(SourceTensor matrix)
    : SourceTensor(matrix.Name, matrix.Path, matrix.Type, [2 * matrix.Shape[^1], matrix.Shape[^1]])
{
    private readonly long _columns = matrix.Shape[^1];

    public override void Read(long first, Span<float> destination)
    {
        destination.Clear();
        for (long row = first / _columns; row < 2 * _columns; row++)
        {
            long at = (row * _columns) + (row % _columns) - first;
            if (at >= destination.Length) break;
            if (at >= 0) destination[(int)at] = row < _columns ? 1 : -1;
        }
    }
}
