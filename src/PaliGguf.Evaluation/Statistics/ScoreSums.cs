namespace PaliGguf.Evaluation.Statistics;

/// <summary>
/// A score that is a function of sums over answers: a mean of their scores and their number, BLEU of matches, n-grams and lengths. So the
/// score of a resample needs no answer to be read again. Immutable.
/// </summary>
public sealed class ScoreSums : IResampledScore
{
    private readonly double[][] _columns;
    private readonly Func<double[], double> _score;

    /// <summary>Describes a score.</summary>
    /// <param name="columns">What is summed up, at least one: for each sum what each answer adds to it.</param>
    /// <param name="score">Makes the score of the sums; NaN where they have none.</param>
    /// <exception cref="ArgumentException">There are no columns, or they are not of one length.</exception>
    public ScoreSums(IReadOnlyList<double[]> columns, Func<double[], double> score)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(score);
        if (columns.Select(column => column.Length).Distinct().Count() != 1)
        {
            throw new ArgumentException("Expected columns of one length.", nameof(columns));
        }

        _columns = [.. columns];
        _score = score;
    }

    /// <summary>The number of answers.</summary>
    public int Answers => _columns[0].Length;

    /// <summary>A mean.</summary>
    /// <param name="each">What each answer scores; null for one that does not count.</param>
    public static ScoreSums Mean(IReadOnlyList<double?> each)
    {
        ArgumentNullException.ThrowIfNull(each);
        return new ScoreSums(
            [[.. each.Select(score => score ?? 0)], [.. each.Select(score => score is null ? 0.0 : 1)]],
            sums => sums[1] == 0 ? double.NaN : sums[0] / sums[1]);
    }

    /// <inheritdoc/>
    public double Of(ReadOnlySpan<int> counts)
    {
        double[] sums = new double[_columns.Length];
        for (int place = 0; place < sums.Length; place++)
        {
            double[] column = _columns[place];
            double sum = 0;
            for (int i = 0; i < counts.Length; i++) sum += counts[i] * column[i];
            sums[place] = sum;
        }

        return _score(sums);
    }

    /// <inheritdoc/>
    public double Of(IResampledScore other, ReadOnlySpan<bool> swapped)
    {
        if (other is not ScoreSums same || same._columns.Length != _columns.Length)
        {
            throw new ArgumentException("Expected the same score of another run.", nameof(other));
        }

        double[] sums = new double[_columns.Length];
        for (int place = 0; place < sums.Length; place++)
        {
            double[] ours = _columns[place];
            double[] theirs = same._columns[place];
            double sum = 0;
            for (int i = 0; i < swapped.Length; i++) sum += swapped[i] ? theirs[i] : ours[i];
            sums[place] = sum;
        }

        return _score(sums);
    }
}
