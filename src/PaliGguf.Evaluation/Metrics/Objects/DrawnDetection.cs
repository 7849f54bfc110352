using System.Buffers;
using System.Numerics;

namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>A detection of a resample.</summary>
/// <param name="Found">A bit for each threshold of overlap at which it is right.</param>
/// <param name="Wrong">A bit for each at which it is wrong.</param>
/// <param name="Place">Its place among the detections of its category in the picture, from 0 on, the best first.</param>
/// <param name="Weight">How often its picture is there.</param>
internal readonly record struct DrawnDetection(ushort Found, ushort Wrong, int Place, int Weight)
{
    private const int Recalls = 101;

    // What a double differs from 1 by at least: 0 found of 0 is 0.
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>The mean precision over all recalls.</summary>
    /// <param name="drawn">The detections, the best first.</param>
    /// <param name="objects">The number of objects, at least 1.</param>
    /// <param name="thresholds">The numbers of the thresholds over which it is the mean.</param>
    public static double Precision(ReadOnlySpan<DrawnDetection> drawn, long objects, ReadOnlySpan<int> thresholds)
    {
        double[] precisions = ArrayPool<double>.Shared.Rent(drawn.Length);
        double[] recalls = ArrayPool<double>.Shared.Rent(drawn.Length);
        double sum = 0;
        foreach (int threshold in thresholds)
        {
            int steps = Curve(drawn, objects, 1 << threshold, precisions, recalls);
            sum += MeanPrecision(precisions.AsSpan(0, steps), recalls);
        }

        ArrayPool<double>.Shared.Return(precisions);
        ArrayPool<double>.Shared.Return(recalls);
        return sum / thresholds.Length;
    }

    /// <summary>The mean over all thresholds of the share of objects found.</summary>
    /// <param name="drawn">The detections.</param>
    /// <param name="objects">The number of objects, at least 1.</param>
    /// <param name="most">How many detections of each picture count, the best ones.</param>
    public static double Recall(ReadOnlySpan<DrawnDetection> drawn, long objects, int most)
    {
        long found = 0;
        foreach (DrawnDetection detection in drawn)
        {
            if (detection.Place < most) found += (long)BitOperations.PopCount(detection.Found) * detection.Weight;
        }

        return (double)found / objects / RankedDetections.Thresholds.Length;
    }

    // A step for each detection that is right: what is wrong changes no recall and lowers the precision.
    private static int Curve(ReadOnlySpan<DrawnDetection> drawn, long objects, int threshold, double[] precisions, double[] recalls)
    {
        long found = 0;
        long wrong = 0;
        int steps = 0;
        foreach (ref readonly DrawnDetection detection in drawn)
        {
            if ((detection.Wrong & threshold) != 0) wrong += detection.Weight;
            if ((detection.Found & threshold) == 0) continue;
            found += detection.Weight;
            precisions[steps] = found / (found + wrong + Epsilon);
            recalls[steps++] = (double)found / objects;
        }

        return steps;
    }

    private static double MeanPrecision(Span<double> precisions, double[] recalls)
    {
        for (int i = precisions.Length - 1; i > 0; i--) precisions[i - 1] = Math.Max(precisions[i - 1], precisions[i]);
        double sum = 0;
        int place = 0;
        for (int i = 0; i < Recalls; i++)
        {
            while (place < precisions.Length && recalls[place] < i * 0.01) place++;
            if (place == precisions.Length) break;
            sum += precisions[place];
        }

        return sum / Recalls;
    }
}
