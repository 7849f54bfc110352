namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>Precision over recall of one category, for each threshold of overlap.</summary>
internal sealed class PrecisionRecall
{
    private const int Recalls = 101;

    // What a double differs from 1 by at least: 0 found of 0 is 0.
    private const double Epsilon = 2.220446049250313e-16;

    private readonly double[] _precisions;

    /// <param name="detections">The best first; for each and each threshold what becomes of it.</param>
    /// <param name="objects">How many objects there are to be found, at least 1.</param>
    public PrecisionRecall(Match[][] detections, int objects)
    {
        _precisions = new double[Thresholds.Length];
        double recall = 0;
        for (int i = 0; i < Thresholds.Length; i++)
        {
            (_precisions[i], double reached) = Curve([.. detections.Select(each => each[i])], objects);
            recall += reached;
        }

        Recall = recall / Thresholds.Length;
    }

    /// <summary>0.5, 0.55, ... 0.95.</summary>
    public static double[] Thresholds { get; } = [.. Enumerable.Range(0, 10).Select(i => 0.5 + (i * ((0.95 - 0.5) / 9)))];

    /// <summary>The mean precision over all thresholds.</summary>
    public double Precision => _precisions.Sum() / _precisions.Length;

    /// <summary>The mean over all thresholds of the share of objects found.</summary>
    public double Recall { get; }

    /// <summary>The mean precision over all recalls at one threshold.</summary>
    public double PrecisionAt(int threshold) => _precisions[threshold];

    private static (double Precision, double Recall) Curve(Match[] detections, int objects)
    {
        List<double> precisions = [];
        List<double> recalls = [];
        int found = 0;
        int wrong = 0;
        foreach (Match match in detections)
        {
            if (match == Match.Found) found++;
            if (match == Match.None) wrong++;
            precisions.Add(found / (found + wrong + Epsilon));
            recalls.Add((double)found / objects);
        }

        for (int i = precisions.Count - 1; i > 0; i--) precisions[i - 1] = Math.Max(precisions[i - 1], precisions[i]);
        double sum = 0;
        int place = 0;
        for (int i = 0; i < Recalls; i++)
        {
            while (place < recalls.Count && recalls[place] < i * 0.01) place++;
            if (place < recalls.Count) sum += precisions[place];
        }

        return (sum / Recalls, recalls.Count == 0 ? 0 : recalls[^1]);
    }
}
