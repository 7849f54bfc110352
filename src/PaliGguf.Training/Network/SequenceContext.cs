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

    /// <summary>The context of a batch whose rows are picture, prefix and suffix, padded on the right.</summary>
    /// <param name="shape">The decoder.</param>
    /// <param name="pictureRows">Soft tokens of each picture.</param>
    /// <param name="examples">Lengths of prefix and suffix of each example, in tokens.</param>
    /// <param name="dropoutSeed">Of this step's random numbers; null outside training.</param>
    public static SequenceContext Of(DecoderShape shape, int pictureRows, IReadOnlyList<(int Prefix, int Suffix)> examples, long? dropoutSeed)
    {
        // What follows the last token is no target, so the last token is no input.
        int rows = pictureRows + examples.Max(each => each.Prefix + each.Suffix) - 1;
        using DisposeScope scope = NewDisposeScope();
        Tensor mask = zeros([examples.Count, 1, 1, rows, rows]);
        Tensor places = arange(rows);
        Tensor later = places.unsqueeze(0) > places.unsqueeze(1);
        List<long> targets = [];
        for (int i = 0; i < examples.Count; i++)
        {
            (int prefix, int suffix) = examples[i];
            int seen = pictureRows + prefix;
            Tensor hidden = (later & (places >= seen)) | (places >= seen + suffix - 1);
            mask[i, 0, 0].masked_fill_(hidden, Hidden);
            targets.AddRange(Enumerable.Range(seen - 1, suffix).Select(row => ((long)i * rows) + row));
        }

        Tensor windowed = shape.SlidingWindow is { } window && rows > window
            ? mask.masked_fill(places.unsqueeze(1) - places.unsqueeze(0) >= window, Hidden)
            : mask;
        Tensor frequencies = pow(shape.RopeBase, arange(0, shape.HeadLength, 2).to(ScalarType.Float32) / -shape.HeadLength);
        Tensor angles = places.to(ScalarType.Float32).unsqueeze(1) * frequencies;
        return new SequenceContext(
            angles.cos().MoveToOuterDisposeScope(), angles.sin().MoveToOuterDisposeScope(), mask.MoveToOuterDisposeScope(),
            windowed.MoveToOuterDisposeScope(), tensor(targets.ToArray()).MoveToOuterDisposeScope(), dropoutSeed);
    }
}
