using System.Collections.Concurrent;

namespace PaliGguf.Evaluation.Metrics.Meteor;

/// <summary>
/// The synonyms of WordNet 3.0, from the folder of its database files, as Debian's package <c>wordnet-base</c> puts them into
/// <c>/usr/share/wordnet</c>: <c>index.noun</c>,
/// <c>data.noun</c>, <c>noun.exc</c> and those of verbs, adjectives and adverbs. WordNet is no part of this library. Safe for use by
/// several threads.
/// </summary>
public sealed class WordNet
{
    // No word of the database is longer.
    private const int LongestWord = 200;

    private readonly WordNetPart[] _parts;
    private readonly ConcurrentDictionary<string, IReadOnlySet<string>> _synonyms = new(StringComparer.Ordinal);

    private WordNet(WordNetPart[] parts) => _parts = parts;

    /// <summary>Reads the database.</summary>
    /// <param name="folder">The folder of its files.</param>
    /// <exception cref="PaliException">A file is missing or malformed.</exception>
    public static WordNet Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new WordNet([.. WordNetMorphology.All.Select(morphology => WordNetPart.Load(folder, morphology))]);
    }

    /// <summary>
    /// The lemmas, without those of several words, of all synsets of a word and of the base forms that morphy finds for it.
    /// </summary>
    /// <param name="word">A word; letter case does not matter for it, but the lemmas are written as WordNet writes them.</param>
    /// <exception cref="PaliException">A file of the database is malformed.</exception>
    public IReadOnlySet<string> Synonyms(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return _synonyms.GetOrAdd(word, Find);
    }

    private IReadOnlySet<string> Find(string word) => word.Length > LongestWord
        ? new HashSet<string>(StringComparer.Ordinal)
        : _parts.SelectMany(part => part.Lemmas(Tokenization.PythonText.ToLower(word))).ToHashSet(StringComparer.Ordinal);
}
