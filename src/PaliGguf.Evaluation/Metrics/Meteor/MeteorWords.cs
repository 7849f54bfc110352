using System.Collections.Concurrent;
using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Meteor;

/// <summary>The words of a corpus, with the numbers of their stems and of their stems' synonyms. Safe for use by several threads.</summary>
internal sealed class MeteorWords
{
    private readonly WordIndex _stemIndex = new();
    private readonly int[] _stems;
    private readonly WordNet? _wordNet;
    private readonly ConcurrentDictionary<int, int[]> _synonyms = [];

    public MeteorWords(WordIndex words, WordNet? wordNet)
    {
        _wordNet = wordNet;
        _stems = [.. words.Words.Select(word => _stemIndex.Number(PorterStemmer.Stem(word)))];
    }

    /// <summary>The number of a word's stem.</summary>
    public int Stem(int word) => _stems[word];

    /// <summary>The numbers of the stems that are synonyms of a stem: WordNet is asked for stems, as if they were words.</summary>
    public int[] Synonyms(int stem) => _wordNet is null ? [] : _synonyms.GetOrAdd(stem, FindSynonyms);

    private int[] FindSynonyms(int stem) => [.. _wordNet!.Synonyms(_stemIndex.Words[stem]).Select(_stemIndex.Find).OfType<int>()];
}
