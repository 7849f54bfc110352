using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Vision;

/// <summary>The inner loops of <see cref="Resampling"/>: exact 32-bit fixed point, in vectors of whatever width the processor has.</summary>
/// <remarks>Compiled at full optimization from the first call on: a short-lived program often resizes one picture only.</remarks>
internal static class ResamplingKernels
{
    private const int Half = 1 << (ResamplingWeights.FractionBits - 1);

    /// <summary>Resizes one row.</summary>
    /// <param name="source">Starts at the row and may go on after its end: bytes there may be read, never used.</param>
    /// <param name="target">The resized row, three bytes per pixel.</param>
    /// <param name="weights">The weights of the horizontal axis.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ResizeRow(ReadOnlySpan<byte> source, Span<byte> target, ResamplingWeights weights)
    {
        for (int x = 0; x < weights.Count; x++)
        {
            ReadOnlySpan<int> taps = weights.Of(x);
            ReadOnlySpan<byte> pixels = source[(3 * weights.Start(x))..];
            Vector128<int> sum = Vector128.Create(Half);
            int tap = 0;
            for (; tap < taps.Length && pixels.Length >= sizeof(uint); tap++, pixels = pixels[3..])
            {
                sum += Widen(MemoryMarshal.Read<uint>(pixels)) * taps[tap];
            }

            for (; tap < taps.Length; tap++, pixels = pixels[3..])
            {
                sum += Vector128.Create(pixels[0], pixels[1], pixels[2], 0) * taps[tap];
            }

            Vector128<int> rounded = Clamp(sum);
            target[3 * x] = (byte)rounded[0];
            target[(3 * x) + 1] = (byte)rounded[1];
            target[(3 * x) + 2] = (byte)rounded[2];
        }
    }

    /// <summary>Starts the sums of a target row.</summary>
    public static void Clear(Span<int> sums) => sums.Fill(Half);

    /// <summary>Adds one weighted row to the sums of a target row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(Span<int> sums, ReadOnlySpan<byte> row, int weight)
    {
        int x = 0;
        for (int width = Vector<int>.Count; x <= row.Length - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            Span<int> part = sums[x..];
            Vector.Widen(new Vector<byte>(row[x..]), out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low, out Vector<uint> first, out Vector<uint> second);
            Vector.Widen(high, out Vector<uint> third, out Vector<uint> fourth);
            (new Vector<int>(part) + (first.As<uint, int>() * weight)).CopyTo(part);
            (new Vector<int>(part[width..]) + (second.As<uint, int>() * weight)).CopyTo(part[width..]);
            (new Vector<int>(part[(2 * width)..]) + (third.As<uint, int>() * weight)).CopyTo(part[(2 * width)..]);
            (new Vector<int>(part[(3 * width)..]) + (fourth.As<uint, int>() * weight)).CopyTo(part[(3 * width)..]);
        }

        for (; x < row.Length; x++) sums[x] += row[x] * weight;
    }

    /// <summary>Rounds the sums of a target row to bytes.</summary>
    public static void Finish(ReadOnlySpan<int> sums, Span<byte> row)
    {
        for (int x = 0; x < row.Length; x++) row[x] = (byte)Math.Clamp(sums[x] >> ResamplingWeights.FractionBits, 0, byte.MaxValue);
    }

    private static Vector128<int> Widen(uint pixel) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(pixel).AsByte())).AsInt32();

    private static Vector128<int> Clamp(Vector128<int> sum) =>
        Vector128.Min(Vector128.Max(sum >> ResamplingWeights.FractionBits, Vector128<int>.Zero), Vector128.Create((int)byte.MaxValue));
}
