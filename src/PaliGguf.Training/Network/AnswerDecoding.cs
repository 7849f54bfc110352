using PaliGguf.Language;

namespace PaliGguf.Training.Network;

/// <summary>
/// Answers as the model gives them now, by its most probable tokens. Those of several pictures are decoded together: their rows are
/// padded on the left, where positions may be shifted, since only distances count.
/// </summary>
/// <param name="shape">The decoder.</param>
/// <param name="decoder">Its layers.</param>
/// <param name="head">The embedding.</param>
/// <param name="vocabulary">Tells which tokens end an answer.</param>
internal sealed class AnswerDecoding(DecoderShape shape, LayerStack<SequenceContext> decoder, OutputHead head, Vocabulary vocabulary)
{
    /// <summary>Answers prompts about pictures.</summary>
    /// <param name="soft">Soft tokens of the pictures, [pictures, patches, width].</param>
    /// <param name="prefixes">The tokens of each prompt.</param>
    /// <param name="longest">The most tokens of an answer, at least 1.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>The tokens of each answer, without the one that ends it.</returns>
    public IReadOnlyList<IReadOnlyList<int>> Answer(
        Tensor soft, IReadOnlyList<IReadOnlyList<int>> prefixes, int longest, CancellationToken cancellationToken) =>
        Answer(soft, prefixes, longest, vocabulary.IsEnd, cancellationToken);

    /// <summary>The same, ended by its length alone: to measure.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Continue(Tensor soft, IReadOnlyList<IReadOnlyList<int>> prefixes, int length) =>
        Answer(soft, prefixes, length, _ => false, CancellationToken.None);

    private List<int>[] Answer(
        Tensor soft, IReadOnlyList<IReadOnlyList<int>> prefixes, int longest, Func<int, bool> isEnd, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        int pictureRows = (int)soft.shape[1];
        int rows = pictureRows + prefixes.Max(prefix => prefix.Count);
        int[] padding = [.. prefixes.Select(prefix => rows - pictureRows - prefix.Count)];
        using KeyValueCache cache = new(shape.LayerCount, rows + longest);
        Tensor input = stack([.. prefixes.Index().Select(each => Row(soft.select(0, each.Index), each.Item, padding[each.Index]))]);
        List<int>[] answers = [.. prefixes.Select(_ => new List<int>())];
        bool[] ended = new bool[prefixes.Count];
        for (int first = 0, count = rows; ; first += count, count = 1)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope step = NewDisposeScope();
            SequenceContext context = SequenceContext.OfAnswers(shape, padding, first, count, cache);
            int[] tokens = head.Best(decoder.Infer(input, context));
            for (int i = 0; i < tokens.Length; i++)
            {
                ended[i] |= isEnd(tokens[i]);
                if (!ended[i]) answers[i].Add(tokens[i]);
            }

            if (first + count == rows + longest - 1 || ended.All(each => each)) return answers;
            input = head.Embed(tokens).view(tokens.Length, 1, shape.Width).MoveToOuterDisposeScope();
        }
    }

    private Tensor Row(Tensor soft, IReadOnlyList<int> prefix, int padding)
    {
        Tensor text = head.Embed(prefix);
        return cat([zeros(padding, shape.Width, dtype: text.dtype), soft.to(text.dtype), text], 0);
    }
}
