namespace PaliGguf.Evaluation.Metrics.NGrams;

/// <summary>Numbers for words: equal words have equal numbers, from 0 on.</summary>
internal sealed class WordIndex
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _words = [];

    /// <summary>The words by their numbers.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>The number of a word; null for one that the index does not know.</summary>
    public int? Find(string word) => _numbers.TryGetValue(word, out int number) ? number : null;

    /// <summary>The numbers of some words, which the index gets to know.</summary>
    public int[] Number(IReadOnlyList<string> words)
    {
        int[] numbers = words.Count == 0 ? [] : new int[words.Count];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = Number(words[i]);
        return numbers;
    }

    /// <summary>The number of a word, which the index gets to know.</summary>
    public int Number(string word)
    {
        if (_numbers.TryGetValue(word, out int number)) return number;
        number = _numbers.Count;
        _numbers.Add(word, number);
        _words.Add(word);
        return number;
    }
}
