namespace PaliGguf.Training.Network;

/// <summary>What the layers of the decoder know of the rows that they compute.</summary>
/// <param name="Cosines">
/// [rows, head / 2], or where the rows of sequences have other positions [batch, 1, 1, rows, head / 2]: of the angles by which rotary
/// positions turn (arXiv 2104.09864).
/// </param>
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

    /// <summary>
    /// The context of sequences of picture and text, padded on the right. A picture sees the prompt of its one example, as where it is
    /// answered; it sees none of several.
    /// </summary>
    /// <param name="shape">The decoder.</param>
    /// <param name="pictureRows">Soft tokens of each picture.</param>
    /// <param name="sequences">The texts.</param>
    /// <param name="dropoutSeed">Of this step's random numbers; null outside training.</param>
    public static SequenceContext Of(DecoderShape shape, int pictureRows, Sequences sequences, long? dropoutSeed)
    {
        int rows = pictureRows + sequences.TextRows;
        float[] mask = new float[checked(sequences.Texts.Count * rows * rows)];
        Array.Fill(mask, Hidden);
        int[] positions = Positions(sequences.Texts.Count, rows);
        List<long> targets = [];
        for (int i = 0; i < sequences.Texts.Count; i++)
        {
            int above = i * rows, first = pictureRows;
            for (int row = 0; row < rows; row++) See(above + row, 0, pictureRows);
            foreach (ExampleTokens text in sequences.Texts[i])
            {
                int seen = first + text.Prefix.Count, end = first + text.InputCount;
                int from = sequences.Texts[i].Count == 1 ? 0 : first;
                for (int row = from; row < end; row++) See(above + row, first, Math.Max(seen, row + 1));
                for (int row = first; row < end; row++) positions[above + row] = pictureRows + row - first;
                targets.AddRange(Enumerable.Range(above + seen - 1, text.Suffix.Count).Select(row => (long)row));
                first = end;
            }
        }

        long[] form = [sequences.Texts.Count, 1, 1, rows, rows];
        Tensor all = tensor(mask, form);
        Tensor windowed = shape.SlidingWindow is { } window && rows > window
            ? tensor(Windowed(mask, rows, rows, positions, window), form)
            : all;
        (Tensor cosines, Tensor sines) = Angles(shape, 0, rows);
        if (sequences.Texts.Any(each => each.Count > 1)) (cosines, sines) = (At(cosines), At(sines));
        return new SequenceContext(cosines, sines, all, windowed, tensor(targets.ToArray()), dropoutSeed);

        void See(int row, int first, int end) => mask.AsSpan((row * rows) + first, end - first).Clear();

        Tensor At(Tensor angles) => angles.index_select(0, tensor(positions)).view(sequences.Texts.Count, 1, 1, rows, -1);
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
        Tensor windowed = shape.SlidingWindow is { } window && seen > window
            ? tensor(Windowed(mask, rows, seen, Positions(padding.Count, seen), window), form)
            : all;
        (Tensor cosines, Tensor sines) = Angles(shape, first, rows);
        Tensor last = tensor([.. Enumerable.Range(1, padding.Count).Select(example => ((long)example * rows) - 1)]);
        return new SequenceContext(cosines, sines, all, windowed, last, DropoutSeed: null) { Cache = cache, First = first };
    }

    private static int[] Positions(int sequences, int columns) =>
        [.. Enumerable.Range(0, sequences).SelectMany(_ => Enumerable.Range(0, columns))];

    // The rows of a sequence are the last of its columns.
    private static float[] Windowed(float[] mask, int rows, int columns, int[] positions, long window)
    {
        float[] windowed = [.. mask];
        for (int row = 0; row < mask.Length / columns; row++)
        {
            ReadOnlySpan<int> seen = positions.AsSpan(row / rows * columns, columns);
            long last = seen[columns - rows + (row % rows)] - window;
            for (int column = 0; column < columns; column++)
            {
                if (seen[column] <= last) windowed[(row * columns) + column] = Hidden;
            }
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
