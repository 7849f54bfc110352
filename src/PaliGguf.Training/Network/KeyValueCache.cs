namespace PaliGguf.Training.Network;

/// <summary>
/// Keys and values of rows that were computed before, layer by layer, so that an answer's next token needs one row alone.
/// </summary>
/// <param name="layers">The layers of the decoder.</param>
/// <param name="longest">The most rows that there will be.</param>
internal sealed class KeyValueCache(int layers, int longest) : IDisposable
{
    private readonly (Tensor Keys, Tensor Values)?[] _held = new (Tensor, Tensor)?[layers];

    /// <summary>Keeps those of further rows.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="first">The number of the first of these rows.</param>
    /// <param name="keys">[batch, heads, rows, head], turned to their positions.</param>
    /// <param name="values">Likewise.</param>
    /// <returns>Those of all rows up to now.</returns>
    public (Tensor Keys, Tensor Values) Append(int layer, int first, Tensor keys, Tensor values)
    {
        (Tensor allKeys, Tensor allValues) = _held[layer] ??= (Room(keys), Room(values));
        long count = keys.shape[2];
        allKeys.narrow(2, first, count).copy_(keys);
        allValues.narrow(2, first, count).copy_(values);
        return (allKeys.narrow(2, 0, first + count), allValues.narrow(2, 0, first + count));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((Tensor keys, Tensor values) in _held.OfType<(Tensor, Tensor)>())
        {
            keys.Dispose();
            values.Dispose();
        }
    }

    private Tensor Room(Tensor like) =>
        empty([like.shape[0], like.shape[1], longest, like.shape[3]], dtype: like.dtype).DetachFromDisposeScope();
}
