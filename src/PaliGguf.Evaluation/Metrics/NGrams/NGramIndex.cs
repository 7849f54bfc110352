namespace PaliGguf.Evaluation.Metrics.NGrams;

/// <summary>Numbers for n-grams of any order: a trie, whose nodes are numbered from 1 on.</summary>
internal sealed class NGramIndex
{
    // An odd number: products with it differ where the factors do. Without it the hash of a long, one half xor the other, would be the same
    // for many pairs of a node and a word.
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    private readonly Dictionary<ulong, int> _children = [];

    /// <summary>How many numbers there are, those of no n-gram included: each is below this.</summary>
    public int Length => _children.Count + 1;

    /// <summary>The n-grams of one order in a sentence, in their order; the index gets to know them.</summary>
    /// <param name="words">The numbers of the sentence's words.</param>
    /// <param name="order">Words in an n-gram, at least 1.</param>
    /// <returns><c>words.Length - order + 1</c> numbers, or none.</returns>
    public int[] Number(ReadOnlySpan<int> words, int order)
    {
        int count = words.Length - order + 1;
        if (count <= 0) return [];
        int[] numbers = new int[count];
        for (int start = 0; start < count; start++) numbers[start] = Number(words.Slice(start, order));
        return numbers;
    }

    private int Number(ReadOnlySpan<int> ngram)
    {
        int node = 0;
        foreach (int word in ngram)
        {
            ulong key = unchecked((((ulong)node << 32) | (uint)word) * Spread);
            if (!_children.TryGetValue(key, out int next))
            {
                next = _children.Count + 1;
                _children.Add(key, next);
            }

            node = next;
        }

        return node;
    }
}
