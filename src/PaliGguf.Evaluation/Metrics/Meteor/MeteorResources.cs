using System.Globalization;

namespace PaliGguf.Evaluation.Metrics.Meteor;

/// <summary>The data of METEOR 1.5 for English: function words, synonyms, and abbreviations that keep their full stop.</summary>
public sealed class MeteorResources
{
    private const long LongestFile = 64 << 20;

    private static readonly (string Ending, string Base)[] Endings =
        [.. WordNetMorphology.All.SelectMany(part => part.Endings).Where(ending => ending.Ending != "ves")];

    private readonly HashSet<string> _functionWords;
    private readonly Dictionary<string, int[]> _sets;
    private readonly Dictionary<string, List<string>> _bases;
    private readonly Dictionary<string, bool> _abbreviations;

    private MeteorResources(
        HashSet<string> functionWords, Dictionary<string, int[]> sets, Dictionary<string, List<string>> bases,
        Dictionary<string, bool> abbreviations)
    {
        _functionWords = functionWords;
        _sets = sets;
        _bases = bases;
        _abbreviations = abbreviations;
    }

    /// <summary>Takes words.</summary>
    /// <param name="functionWords">Words that count for less: those that are more than a thousandth of all text.</param>
    /// <param name="synonyms">Words that mean the same, a group each; inflected forms are found by their endings.</param>
    public static MeteorResources Create(IEnumerable<string> functionWords, IEnumerable<IReadOnlyList<string>> synonyms)
    {
        ArgumentNullException.ThrowIfNull(functionWords);
        ArgumentNullException.ThrowIfNull(synonyms);
        Dictionary<string, int[]> sets = synonyms.Index().SelectMany(group => group.Item.Select(word => (word, group.Index)))
            .GroupBy(pair => pair.word, pair => pair.Index, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        return new MeteorResources(new(functionWords, StringComparer.Ordinal), sets, [], []);
    }

    /// <summary>Reads the files of METEOR 1.5.</summary>
    /// <param name="folder">Its folder <c>resources</c>, with <c>function</c>, <c>synonym</c> and <c>nonbreaking</c>.</param>
    /// <exception cref="PaliException">A file is missing or malformed.</exception>
    public static MeteorResources Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string synonyms = Path.Combine(folder, "synonym", "english.synsets");
        Dictionary<string, int[]> sets = new(StringComparer.Ordinal);
        foreach ((string word, string numbers, int line) in Pairs(synonyms))
        {
            sets[word] = [.. numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                    ? number : throw new PaliException($"{synonyms}, line {line}: expected numbers."))];
        }

        Dictionary<string, List<string>> bases = new(StringComparer.Ordinal);
        foreach ((string word, string forms, _) in Pairs(Path.Combine(folder, "synonym", "english.exceptions")))
        {
            foreach (string form in forms.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!bases.TryGetValue(form, out List<string>? all)) bases[form] = all = [];
                all.Add(word);
            }
        }

        Dictionary<string, bool> abbreviations = new(StringComparer.Ordinal);
        foreach (string line in Lines(Path.Combine(folder, "nonbreaking", "english.prefixes")))
        {
            string[] parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length > 0 && !parts[0].StartsWith('#')) abbreviations[parts[0]] = parts is [_, "#NUMERIC_ONLY#", ..];
        }

        HashSet<string> functionWords = new(Lines(Path.Combine(folder, "function", "english.words")), StringComparer.Ordinal);
        return new MeteorResources(functionWords, sets, bases, abbreviations);
    }

    /// <summary>Whether a word counts for less.</summary>
    internal bool IsFunctionWord(string word) => _functionWords.Contains(word);

    /// <summary>Whether a word before a full stop is an abbreviation: false for one only where a number follows; null for none.</summary>
    internal bool? IsAbbreviation(string word) => _abbreviations.TryGetValue(word, out bool onlyNumbers) ? !onlyNumbers : null;

    /// <summary>The sets of synonyms that a word is in, itself or by a base form.</summary>
    internal HashSet<int> SetsOf(string word)
    {
        HashSet<int> sets = [.. _sets.GetValueOrDefault(word, [])];
        IEnumerable<string> bases = _bases.TryGetValue(word, out List<string>? listed) ? listed : Base(word) is { } found ? [found] : [];
        foreach (string form in bases) sets.UnionWith(_sets.GetValueOrDefault(form, []));
        return sets;
    }

    /// <summary>The first known form that one ending less leaves.</summary>
    private string? Base(string word)
    {
        if (word.Length <= 2 || word.EndsWith("ss", StringComparison.Ordinal)) return null;
        return Endings.Where(ending => word.EndsWith(ending.Ending, StringComparison.Ordinal))
            .Select(ending => word[..^ending.Ending.Length] + ending.Base).FirstOrDefault(_sets.ContainsKey);
    }

    private static IEnumerable<(string First, string Second, int Line)> Pairs(string path)
    {
        string[] lines = Lines(path);
        if (lines.Length % 2 != 0) throw new PaliException($"{path}: expected pairs of lines, and there are {lines.Length} lines.");
        for (int i = 0; i < lines.Length; i += 2) yield return (lines[i], lines[i + 1], i + 2);
    }

    private static string[] Lines(string path)
    {
        string text = InputFile.ReadText(path, "METEOR's file, of its folder 'resources',", LongestFile).ReplaceLineEndings("\n");
        return (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
    }
}
