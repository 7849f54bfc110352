using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Examples;

/// <summary>
/// Which examples each step takes. An epoch is drawn anew from the seed, without what was drawn before; examples of about the same length
/// come together, so that little is computed for padding.
/// </summary>
/// <param name="lengths">The tokens of each example.</param>
/// <param name="size">Examples a step.</param>
/// <param name="seed">Of the random numbers.</param>
/// <param name="pictures">The picture of each example, where those of a picture are to come together, whatever their lengths.</param>
internal sealed class BatchOrder(IReadOnlyList<int> lengths, int size, long seed, IReadOnlyList<string>? pictures = null)
{
    // Steps whose examples are sorted together: all of an epoch would make its beginning predictable.
    private const int Window = 16;

    private readonly int[][]? _byPicture = pictures is null ? null
        : [.. Enumerable.Range(0, lengths.Count).GroupBy(each => pictures[each], StringComparer.Ordinal).Select(each => each.ToArray())];

    private (long Epoch, int[][] Batches)? _drawn;

    /// <summary>Steps that one epoch has; the last may have fewer examples.</summary>
    public int StepsPerEpoch { get; } = (lengths.Count + size - 1) / size;

    /// <summary>The examples of a step.</summary>
    /// <param name="step">From 0 on, over all epochs.</param>
    public int[] Of(long step)
    {
        (long epoch, long place) = Math.DivRem(step, StepsPerEpoch);
        if (_drawn?.Epoch != epoch) _drawn = (epoch, Draw(epoch));
        return _drawn.Value.Batches[place];
    }

    private int[][] Draw(long epoch)
    {
        Random random = new((int)(RandomNumbers.Mix(seed, epoch) & int.MaxValue));
        if (_byPicture is not null)
        {
            int[][] shuffled = [.. _byPicture];
            random.Shuffle(shuffled);
            return [.. shuffled.SelectMany(picture => picture).Chunk(size)];
        }

        int[] order = [.. Enumerable.Range(0, lengths.Count)];
        random.Shuffle(order);
        int[][] batches =
        [
            .. from window in order.Chunk(Window * size)
               from batch in window.OrderBy(each => lengths[each]).ThenBy(each => each).Chunk(size)
               select batch,
        ];
        random.Shuffle(batches);
        return batches;
    }
}
