namespace PaliGguf.Training.Network;

/// <summary>What the layers of the decoder know of the rows that they compute.</summary>
/// <param name="Cosines">[rows, head / 2]: of the angles by which rotary positions turn (arXiv 2104.09864).</param>
/// <param name="Sines">Likewise.</param>
/// <param name="Mask">[batch, 1, 1, rows, rows]: 0 where a row sees another, a very small number where not.</param>
/// <param name="WindowMask">The same for layers with a sliding window; the very same where no row is that far away.</param>
/// <param name="Targets">The rows, counted through the whole batch, whose next token is a target.</param>
/// <param name="DropoutSeed">Of this step's random numbers; null outside training.</param>
internal sealed record SequenceContext(Tensor Cosines, Tensor Sines, Tensor Mask, Tensor WindowMask, Tensor Targets, long? DropoutSeed)
{
    private const float Hidden = -1e30f;

    /// <summary>Keys and values of the rows before; null where all rows are computed at once.</summary>
    public KeyValueCache? Cache { get; private init; }

    /// <summary>The number of the first row.</summary>
    public int First { get; private init; }

    /// <summary>The context of a batch whose rows are picture, prefix and suffix, padded on the right.</summary>
    /// <param name="shape">The decoder.</param>
    /// <param name="pictureRows">Soft tokens of each picture.</param>
    /// <param name="textRows">Rows after each picture: at least those of the longest example but its last token, which is no input.</param>
    /// <param name="examples">Lengths of prefix and suffix of each example, in tokens.</param>
    /// <param name="dropoutSeed">Of this step's random numbers; null outside training.</param>
    public static SequenceContext Of(
        DecoderShape shape, int pictureRows, int textRows, IReadOnlyList<(int Prefix, int Suffix)> examples, long? dropoutSeed)
    {
        int rows = pictureRows + textRows;
        float[] mask = new float[checked(examples.Count * rows * rows)];
        List<long> targets = [];
        for (int i = 0; i < examples.Count; i++)
        {
            (int prefix, int suffix) = examples[i];
            int seen = pictureRows + prefix;
            for (int row = 0; row < rows; row++)
            {
                // Whole up to the end of the prefix, then what was before; never the padding.
                int end = Math.Min(Math.Max(seen, row + 1), seen + suffix - 1);
                mask.AsSpan((((i * rows) + row) * rows)..(((i * rows) + row + 1) * rows))[end..].Fill(Hidden);
            }

            targets.AddRange(Enumerable.Range(seen - 1, suffix).Select(row => ((long)i * rows) + row));
        }

        long[] form = [examples.Count, 1, 1, rows, rows];
        Tensor all = tensor(mask, form);
        Tensor windowed = shape.SlidingWindow is { } window && rows > window ? tensor(Windowed(mask, rows, (int)window), form) : all;
        (Tensor cosines, Tensor sines) = Angles(shape, 0, rows);
        return new SequenceContext(cosines, sines, all, windowed, tensor(targets.ToArray()), dropoutSeed);
    }

    /// <summary>The context of rows whose answers are decoded: picture and prompt, padded on the left, or one token more of each.</summary>
    /// <param name="shape">The decoder.</param>
    /// <param name="padding">The rows on the left of each example that are padding.</param>
    /// <param name="first">The number of the first row; those before are in the cache.</param>
    /// <param name="rows">The rows of each example.</param>
    /// <param name="cache">Keys and values.</param>
    public static SequenceContext OfAnswers(DecoderShape shape, IReadOnlyList<int> padding, int first, int rows, KeyValueCache cache)
    {
        int seen = first + rows;
        float[] mask = new float[checked(padding.Count * rows * seen)];
        for (int row = 0; row < padding.Count * rows; row++) mask.AsSpan(row * seen, padding[row / rows]).Fill(Hidden);
        long[] form = [padding.Count, 1, 1, rows, seen];
        Tensor all = tensor(mask, form);
        Tensor windowed = shape.SlidingWindow is { } window && seen > window ? tensor(Windowed(mask, seen, (int)window, first), form) : all;
        (Tensor cosines, Tensor sines) = Angles(shape, first, rows);
        Tensor last = tensor([.. Enumerable.Range(1, padding.Count).Select(example => ((long)example * rows) - 1)]);
        return new SequenceContext(cosines, sines, all, windowed, last, DropoutSeed: null) { Cache = cache, First = first };
    }

    private static float[] Windowed(float[] mask, int columns, int window, int first = 0)
    {
        float[] windowed = [.. mask];
        int rows = columns - first;
        for (int row = 0; row < mask.Length / columns; row++)
        {
            windowed.AsSpan(row * columns, Math.Max(0, first + (row % rows) - window + 1)).Fill(Hidden);
        }

        return windowed;
    }

    private static (Tensor Cosines, Tensor Sines) Angles(DecoderShape shape, int first, int rows)
    {
        int half = shape.HeadLength / 2;
        float[] cosines = new float[rows * half], sines = new float[rows * half];
        for (int i = 0; i < cosines.Length; i++)
        {
            (int row, int number) = Math.DivRem(i, half);
            (double sine, double cosine) = Math.SinCos((first + row) * Math.Pow(shape.RopeBase, -(double)number / half));
            (cosines[i], sines[i]) = ((float)cosine, (float)sine);
        }

        return (tensor(cosines, [rows, half]), tensor(sines, [rows, half]));
    }
}
