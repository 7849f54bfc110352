namespace PaliGguf.Language;

/// <summary>The sequences of a context that one job runs: the first takes the prefix, the others are for branches of it.</summary>
internal sealed class SequenceSet(TextContext context, int[] sequences)
{
    public int Count => sequences.Length;

    /// <summary>The context's number of a sequence.</summary>
    public int this[int index] => sequences[index];

    /// <summary>Lets an empty sequence continue what another one holds. The two share their cells, so this moves no data.</summary>
    public void Fork(int from, int to) => context.Share(sequences[from], sequences[to]);

    /// <summary>Forgets what a sequence holds from a position on.</summary>
    public void Trim(int index, int position) => context.Remove(sequences[index], position);

    public void Clear(int index) => context.Remove(sequences[index]);
}

/// <summary>The logits of one job's rows in the batch decoded last, valid until the next one.</summary>
internal readonly ref struct BatchLogits(TextContext context, int firstRow)
{
    public TokenDistribution this[int row] => new(context.Logits(firstRow + row));
}
