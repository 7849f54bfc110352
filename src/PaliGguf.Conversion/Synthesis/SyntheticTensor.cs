using System.Numerics.Tensors;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Synthesis;

/// <summary>
/// A tensor of random numbers around a mean. It repeats after <see cref="Period"/> rows, so that it can be made, and quantized, at the speed of copying.
/// </summary>
internal sealed class SyntheticTensor(string name, IReadOnlyList<long> shape, RandomPool pool, int start, float mean, float deviation)
    : SourceTensor(name, "synthetic", ElementType.F32, shape)
{
    /// <summary>Rows before the first one comes again.</summary>
    public const int Period = 128;

    public override long RowPeriod => Period;

    public override void Read(long first, Span<float> destination)
    {
        long period = Period * Shape[^1];
        while (!destination.IsEmpty)
        {
            long at = first % period;
            Span<float> part = destination[..(int)Math.Min(destination.Length, period - at)];
            pool.Read(start + at, part);
            destination = destination[part.Length..];
            first += part.Length;
            TensorPrimitives.Multiply(part, deviation, part);
            if (mean != 0) TensorPrimitives.Add(part, mean, part);
        }
    }
}
