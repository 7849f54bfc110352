using System.Numerics;
using System.Numerics.Tensors;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Adapters;

/// <summary>The two factors of an update in memory, ready to be multiplied.</summary>
internal sealed class LowRankFactors
{
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
        while (!elements.IsEmpty)
        {
            (long row, long column) = Math.DivRem(first, _columns);
            Span<float> part = elements[..(int)Math.Min(_columns - column, elements.Length)];
            AddTo(_b.AsSpan((int)(row * _rank), _rank), (int)column, part);
            elements = elements[part.Length..];
            first += part.Length;
        }
    }

    // The sums over the rank stay in registers, several at a time so that none waits for the one before; what is added to an element is rounded once.
    private void AddTo(ReadOnlySpan<float> b, int column, Span<float> elements)
    {
        int width = Vector<float>.Count;
        Vector<float> scale = new(_scale);
        int i = 0;
        for (; i <= elements.Length - (4 * width); i += 4 * width)
        {
            Vector<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (int k = 0; k < b.Length; k++)
            {
                Vector<float> factor = new(b[k]);
                ReadOnlySpan<float> a = _a.AsSpan((k * _columns) + column + i, 4 * width);
                sum0 = Vector.FusedMultiplyAdd(new Vector<float>(a), factor, sum0);
                sum1 = Vector.FusedMultiplyAdd(new Vector<float>(a[width..]), factor, sum1);
                sum2 = Vector.FusedMultiplyAdd(new Vector<float>(a[(2 * width)..]), factor, sum2);
                sum3 = Vector.FusedMultiplyAdd(new Vector<float>(a[(3 * width)..]), factor, sum3);
            }

            Add(sum0, scale, elements[i..]);
            Add(sum1, scale, elements[(i + width)..]);
            Add(sum2, scale, elements[(i + (2 * width))..]);
            Add(sum3, scale, elements[(i + (3 * width))..]);
        }

        for (; i < elements.Length; i++)
        {
            float sum = 0;
            for (int k = 0; k < b.Length; k++) sum = MathF.FusedMultiplyAdd(_a[(k * _columns) + column + i], b[k], sum);
            elements[i] = MathF.FusedMultiplyAdd(sum, _scale, elements[i]);
        }
    }

    private static void Add(Vector<float> sum, Vector<float> scale, Span<float> elements) =>
        Vector.FusedMultiplyAdd(sum, scale, new Vector<float>(elements)).CopyTo(elements);

    private static float[] Read(SourceTensor factor)
    {
        float[] values = new float[factor.Count];
        factor.Read(0, values);
        return float.IsFinite(TensorPrimitives.MaxMagnitude<float>(values))
            ? values
            : throw new ModelFormatException(factor.Path, $"tensor {OneLine.Show(factor.Name)} holds a number that is not finite");
    }
}
