using System.Numerics;
using System.Runtime.CompilerServices;

namespace PaliGguf.Language;

/// <summary>
/// What is asked of every row of logits. Compiled for speed at once: the same through a library of tensor operations took 60 ms for the first tokens of a process, because the
/// runtime first compiles such loops as they stand.
/// </summary>
internal static class Logits
{
    // So many are summed in single precision.
    private const int BlockLength = 1024;

    /// <summary>The highest logit.</summary>
    /// <param name="logits">At least one, none of them NaN.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Highest(ReadOnlySpan<float> logits)
    {
        float highest = float.NegativeInfinity;
        int index = 0;
        if (logits.Length >= Vector<float>.Count)
        {
            Vector<float> lanes = new(logits);
            for (index = Vector<float>.Count; index <= logits.Length - Vector<float>.Count; index += Vector<float>.Count) lanes = Vector.Max(lanes, new Vector<float>(logits[index..]));
            for (int lane = 0; lane < Vector<float>.Count; lane++) highest = MathF.Max(highest, lanes[lane]);
        }

        for (; index < logits.Length; index++) highest = MathF.Max(highest, logits[index]);
        return highest;
    }

    /// <summary>The logarithm of the sum of the exponentials; not a finite number if a logit is NaN or the highest is infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float LogSumExp(ReadOnlySpan<float> logits)
    {
        float highest = Highest(logits);
        Vector<float> offset = new(highest);
        double sum = 0;
        int index = 0;
        while (index <= logits.Length - Vector<float>.Count)
        {
            Vector<float> lanes = Vector<float>.Zero;
            for (int end = Math.Min(index + BlockLength, logits.Length - Vector<float>.Count + 1); index < end; index += Vector<float>.Count)
            {
                lanes += Vector.Exp(new Vector<float>(logits[index..]) - offset);
            }

            sum += Vector.Sum(lanes);
        }

        for (; index < logits.Length; index++) sum += MathF.Exp(logits[index] - highest);
        return highest + (float)Math.Log(sum);
    }
}
