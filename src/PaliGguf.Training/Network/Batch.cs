namespace PaliGguf.Training.Network;

/// <summary>Examples whose pictures go through the tower together.</summary>
/// <param name="Examples">Their tokens.</param>
/// <param name="Pixels">[pictures, 3, side, side]; null where there are soft tokens.</param>
/// <param name="SoftTokens">[pictures, patches, width]; null where they are computed.</param>
internal sealed record Batch(IReadOnlyList<ExampleTokens> Examples, Tensor? Pixels, Tensor? SoftTokens = null)
{
    /// <summary>The picture of each example; null where each has its own, in their order.</summary>
    public IReadOnlyList<int>? Pictures { get; init; }

    /// <summary>How many sequences go through the decoder together, where examples share pictures.</summary>
    public int Together { get; init; } = int.MaxValue;

    /// <summary>How many examples of a picture are a sequence, at most.</summary>
    public int Packed { get; init; } = 1;

    /// <summary>
    /// The sequences that go through the decoder together, by the numbers of their examples: all, or where pictures are shared those of
    /// about the same length.
    /// </summary>
    public IEnumerable<int[][]> Parts()
    {
        IEnumerable<int> all = Enumerable.Range(0, Examples.Count);
        return Pictures is null ? [[.. all.Select(each => (int[])[each])]]
            : all.GroupBy(each => Pictures[each])
                .SelectMany(picture => picture.Chunk(Packed))
                .OrderBy(sequence => sequence.Sum(each => Examples[each].InputCount)).ThenBy(sequence => sequence[0])
                .Chunk(Together);
    }

    /// <summary>The rows of some sequences.</summary>
    /// <param name="part">The numbers of their examples.</param>
    public Sequences Sequences(IEnumerable<int[]> part) => new([.. part.Select(each => each.Select(one => Examples[one]).ToArray())]);

    /// <summary>The pictures of some sequences; null where these are all, in their order.</summary>
    /// <param name="examples">An example of each.</param>
    public Tensor? PicturesOf(IEnumerable<int> examples) =>
        Pictures is { } pictures ? tensor([.. examples.Select(each => (long)pictures[each])]) : null;
}
