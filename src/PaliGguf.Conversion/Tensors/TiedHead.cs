using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>
/// GGUF has one matrix for embedding and output, so a checkpoint that has both must have them equal; only the rows from
/// <c>&lt;image&gt;</c> on may differ, which are never answered with.
/// </summary>
internal static class TiedHead
{
    private const int StepElements = 128 * 1024;

    /// <summary>Checks that the output matrix has the form of the embedding.</summary>
    /// <exception cref="ModelFormatException">It has not.</exception>
    public static void CheckForm(SourceTensor head, SourceTensor embedding, int imageId)
    {
        long width = embedding.Shape[^1];
        if (head.Shape.Count != 2 || head.Shape[1] != width || head.Shape[0] < imageId || head.Shape[0] > embedding.Shape[0]
            || !head.Type.IsReadable())
        {
            throw new ModelFormatException(
                head.Path,
                $"tensor {OneLine.Show(head.Name)} is {OneLine.Show(head.Shape)} of {head.Type}, expected a copy of {OneLine.Show(embedding.Name)}, {OneLine.Show(embedding.Shape)}");
        }
    }

    /// <summary>Compares the output matrix with the embedding.</summary>
    /// <exception cref="ModelFormatException">The output matrix is another one than the embedding.</exception>
    public static void Check(SourceTensor head, SourceTensor embedding, int imageId, CancellationToken cancellationToken)
    {
        CheckForm(head, embedding, imageId);
        long width = embedding.Shape[^1];
        float[] own = new float[StepElements];
        float[] tied = new float[StepElements];
        long count = imageId * width;
        for (long start = 0; start < count; start += StepElements)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = (int)Math.Min(StepElements, count - start);
            head.Read(start, own.AsSpan(0, length));
            embedding.Read(start, tied.AsSpan(0, length));
            int same = own.AsSpan(0, length).CommonPrefixLength(tied.AsSpan(0, length));
            if (same == length) continue;
            throw Differs(head, embedding, $" in row {(start + same) / width}");
        }
    }

    /// <summary>The failure that they differ.</summary>
    public static ModelFormatException Differs(SourceTensor head, SourceTensor embedding, string where = "") => new(
        head.Path,
            $"tensor {OneLine.Show(head.Name)} differs from {OneLine.Show(embedding.Name)}{where}: an output matrix of its own is not "
                + "supported");
}
