namespace PaliGguf.Training.Network;

/// <summary>The tokens of an example.</summary>
/// <param name="Prefix">What is given: from the token that begins a sequence to the line feed that ends the prompt.</param>
/// <param name="Suffix">What is to be said, and the token that ends it.</param>
internal sealed record ExampleTokens(IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix);

/// <summary>Examples whose pictures go through the tower together.</summary>
/// <param name="Examples">Their tokens.</param>
/// <param name="Pixels">[pictures, 3, side, side]; null where there are soft tokens.</param>
/// <param name="SoftTokens">[pictures, patches, width]; null where they are computed.</param>
internal sealed record Batch(IReadOnlyList<ExampleTokens> Examples, Tensor? Pixels, Tensor? SoftTokens = null)
{
    /// <summary>The picture of each example; null where each has its own, in their order.</summary>
    public IReadOnlyList<int>? Pictures { get; init; }

    /// <summary>How many go through the decoder together, where examples share pictures.</summary>
    public int Together { get; init; } = int.MaxValue;

    /// <summary>
    /// The examples that go through the decoder together, by their numbers: all, or where pictures are shared those of about the same
    /// length.
    /// </summary>
    public IEnumerable<int[]> Parts()
    {
        IEnumerable<int> all = Enumerable.Range(0, Examples.Count);
        return Pictures is null ? [[.. all]]
            : all.OrderBy(each => Examples[each].Prefix.Count + Examples[each].Suffix.Count).ThenBy(each => each).Chunk(Together);
    }

    /// <summary>Some of its examples, with soft tokens of their own.</summary>
    /// <param name="numbers">Which.</param>
    /// <param name="soft">The soft tokens of all pictures.</param>
    public Batch Part(IReadOnlyList<int> numbers, Tensor soft) => Pictures is not { } pictures
        ? this with { Pixels = null, SoftTokens = soft }
        : new Batch([.. numbers.Select(each => Examples[each])], Pixels: null, soft.index_select(0, PicturesOf(numbers)));

    /// <summary>The pictures of some examples.</summary>
    public Tensor PicturesOf(IReadOnlyList<int> numbers) => tensor([.. numbers.Select(each => (long)(Pictures?[each] ?? each))]);

    /// <summary>The rows after each picture: those of the longest example, rounded up; what follows the last token is no input.</summary>
    public int TextRows => RowGroups.Up(Examples.Max(each => each.Prefix.Count + each.Suffix.Count) - 1, RowGroups.Text);

    /// <summary>
    /// The tokens of all rows after the pictures, padded on the right with 0, and those that are to be predicted, example by example.
    /// </summary>
    public (int[] Rows, int[] Targets) Tokens()
    {
        int longest = TextRows;
        int[] rows = new int[longest * Examples.Count];
        for (int i = 0; i < Examples.Count; i++)
        {
            int[] row = [.. Examples[i].Prefix, .. Examples[i].Suffix.SkipLast(1)];
            row.CopyTo(rows, i * longest);
        }

        return (rows, [.. Examples.SelectMany(each => each.Suffix)]);
    }

    /// <summary>What belongs to each example, for each of its targets.</summary>
    public double[] PerTarget(IReadOnlyList<double> weights) =>
        [.. Examples.SelectMany((each, i) => Enumerable.Repeat(weights[i], each.Suffix.Count))];

    /// <summary>What belongs to each target, by examples.</summary>
    public List<float[]> Split(float[] values)
    {
        List<float[]> parts = [];
        int first = 0;
        foreach (ExampleTokens example in Examples)
        {
            parts.Add(values[first..(first + example.Suffix.Count)]);
            first += example.Suffix.Count;
        }

        return parts;
    }
}
