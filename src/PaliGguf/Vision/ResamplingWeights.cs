namespace PaliGguf.Vision;

/// <summary>
/// Along one axis: which source pixels make each target pixel, and with what weights (fixed point, <see cref="FractionBits"/> fraction bits).
/// The arithmetic follows Pillow's operation by operation, so that the integers come out the same.
/// </summary>
internal sealed class ResamplingWeights
{
    /// <summary>Bits after the point: 8 bits of pixel and 2 bits of overshoot leave 22 of 32.</summary>
    public const int FractionBits = 22;

    private readonly (int Start, int Count)[] _bounds;
    private readonly int[] _weights;
    private readonly int _stride;

    public ResamplingWeights(int sourceSize, int targetSize, Interpolation interpolation)
    {
        (double radius, Func<double, double> kernel) = interpolation switch
        {
            Interpolation.Bicubic => (2.0, (Func<double, double>)Cubic),
            Interpolation.Bilinear => (1.0, Triangle),
            _ => throw new ArgumentOutOfRangeException(nameof(interpolation), interpolation, "Not a known interpolation."),
        };

        double scale = (double)sourceSize / targetSize;
        double stretch = Math.Max(scale, 1.0);
        double support = radius * stretch;
        _stride = Math.Min(((int)Math.Ceiling(support) * 2) + 1, sourceSize);
        _bounds = new (int, int)[targetSize];
        _weights = new int[checked(_stride * targetSize)];

        double inverse = 1.0 / stretch;
        double[] row = new double[_stride];
        for (int target = 0; target < targetSize; target++)
        {
            double centre = (target + 0.5) * scale;
            int start = Math.Max((int)(centre - support + 0.5), 0);
            int count = Math.Min((int)(centre + support + 0.5), sourceSize) - start;
            double sum = 0;
            for (int i = 0; i < count; i++)
            {
                row[i] = kernel((i + start - centre + 0.5) * inverse);
                sum += row[i];
            }

            Span<int> fixedPoint = _weights.AsSpan(target * _stride, count);
            for (int i = 0; i < count; i++)
            {
                double weight = sum == 0 ? row[i] : row[i] / sum;
                fixedPoint[i] = (int)((weight * (1 << FractionBits)) + (weight < 0 ? -0.5 : 0.5));
            }

            _bounds[target] = (start, count);
        }
    }

    /// <summary>The number of target pixels.</summary>
    public int Count => _bounds.Length;

    /// <summary>The first source pixel of a target pixel.</summary>
    public int Start(int target) => _bounds[target].Start;

    /// <summary>One past the last source pixel. Neither this nor <see cref="Start"/> ever falls from one target pixel to the next.</summary>
    public int End(int target) => _bounds[target].Start + _bounds[target].Count;

    /// <summary>The weights of the source pixels of a target pixel, from <see cref="Start"/> on.</summary>
    public ReadOnlySpan<int> Of(int target) => _weights.AsSpan(target * _stride, _bounds[target].Count);

    /// <summary>The largest number of target pixels that one source pixel takes part in.</summary>
    public int MaxOverlap()
    {
        int most = 0;
        for (int first = 0, last = 0; first < Count; first++)
        {
            while (last < Count && Start(last) < End(first)) last++;
            most = Math.Max(most, last - first);
        }

        return most;
    }

    private static double Cubic(double x)
    {
        const double A = -0.5;
        x = Math.Abs(x);
        if (x < 1.0) return ((((A + 2.0) * x) - (A + 3.0)) * x * x) + 1;
        if (x < 2.0) return (((((x - 5) * x) + 8) * x) - 4) * A;
        return 0.0;
    }

    private static double Triangle(double x)
    {
        x = Math.Abs(x);
        return x < 1.0 ? 1.0 - x : 0.0;
    }
}
