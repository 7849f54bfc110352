namespace PaliGguf.Training.Network;

/// <summary>
/// What goes through the decoder together: pictures, each with the text of an example behind it, or with those of several that see the
/// picture and not each other.
/// </summary>
/// <param name="Texts">The examples of each sequence, at least one.</param>
internal sealed record Sequences(IReadOnlyList<IReadOnlyList<ExampleTokens>> Texts)
{
    /// <summary>All examples, sequence by sequence.</summary>
    public IEnumerable<ExampleTokens> Examples => Texts.SelectMany(each => each);

    /// <summary>The rows after each picture: those of the longest sequence, rounded up; what an example ends with is no input.</summary>
    public int TextRows => RowGroups.Up(Texts.Max(each => each.Sum(text => text.InputCount)), RowGroups.Text);

    /// <summary>
    /// The tokens of all rows after the pictures, padded on the right with 0, and those that are to be predicted, example by example.
    /// </summary>
    public (int[] Rows, int[] Targets) Tokens()
    {
        int longest = TextRows;
        int[] rows = new int[longest * Texts.Count];
        for (int i = 0; i < Texts.Count; i++)
        {
            int[] row = [.. Texts[i].SelectMany(each => each.Prefix.Concat(each.Suffix.SkipLast(1)))];
            row.CopyTo(rows, i * longest);
        }

        return (rows, [.. Examples.SelectMany(each => each.Suffix)]);
    }

    /// <summary>What belongs to each example, for each of its targets.</summary>
    public double[] PerTarget(IReadOnlyList<double> weights) =>
        [.. Examples.Zip(weights).SelectMany(each => Enumerable.Repeat(each.Second, each.First.Suffix.Count))];

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
