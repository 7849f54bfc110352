using System.Numerics.Tensors;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Adapters;

/// <summary>The two factors of an update in memory, ready to be multiplied.</summary>
internal sealed class LowRankFactors
{
    // The sums of so many columns and their part of A stay in the processor's nearest caches.
    private const int BandColumns = 1024;
    private readonly float[] _a;
    private readonly float[] _b;
    private readonly int _rank;
    private readonly int _columns;
    private readonly float _scale;

    /// <summary>Reads both factors.</summary>
    /// <param name="update">The update, of checked shapes.</param>
    /// <param name="weight">A factor on top of its scale.</param>
    /// <exception cref="ModelFormatException">A number in them is not finite.</exception>
    public LowRankFactors(LowRankUpdate update, float weight)
    {
        _a = Read(update.A);
        _b = Read(update.B);
        _rank = update.Rank;
        _columns = _a.Length / _rank;
        _scale = (float)(update.Scale * weight);
    }

    /// <summary>Adds the elements of the update to those of the matrix.</summary>
    /// <param name="first">The index of the first element, row by row.</param>
    /// <param name="elements">The matrix's elements from there on.</param>
    public void AddTo(long first, Span<float> elements)
    {
        Span<float> sums = stackalloc float[BandColumns];
        while (!elements.IsEmpty)
        {
            (long row, long column) = Math.DivRem(first, _columns);
            int count = (int)Math.Min(Math.Min(_columns - column, BandColumns), elements.Length);
            Span<float> band = sums[..count];
            band.Clear();
            for (int k = 0; k < _rank; k++)
            {
                TensorPrimitives.MultiplyAdd(_a.AsSpan((k * _columns) + (int)column, count), _b[(row * _rank) + k], band, band);
            }

            // Added as a whole, so that the sum is rounded once.
            TensorPrimitives.MultiplyAdd(band, _scale, elements[..count], elements[..count]);
            elements = elements[count..];
            first += count;
        }
    }

    private static float[] Read(SourceTensor factor)
    {
        float[] values = new float[factor.Count];
        factor.Read(0, values);
        return float.IsFinite(TensorPrimitives.MaxMagnitude<float>(values))
            ? values
            : throw new ModelFormatException(factor.Path, $"tensor {OneLine.Show(factor.Name)} holds a number that is not finite");
    }
}
