using System.Globalization;
using System.Text;

namespace PaliGguf.Evaluation.Metrics.Meteor;

/// <summary>The words of one part of speech.</summary>
internal sealed class WordNetPart
{
    private const long LongestFile = 256L << 20;

    private readonly WordNetMorphology _morphology;
    private readonly string _dataPath;
    private readonly byte[] _data;
    private readonly Dictionary<string, int[]> _synsets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _exceptions = new(StringComparer.Ordinal);

    private WordNetPart(WordNetMorphology morphology, string dataPath)
    {
        _morphology = morphology;
        _dataPath = dataPath;
        _data = Read(dataPath);
    }

    public static WordNetPart Load(string folder, WordNetMorphology morphology)
    {
        WordNetPart part = new(morphology, Path.Combine(folder, "data." + morphology.Name));
        part.ReadIndex(Path.Combine(folder, "index." + morphology.Name));
        part.ReadExceptions(Path.Combine(folder, morphology.Name + ".exc"));
        return part;
    }

    /// <summary>The single words in all synsets of a word and its base forms.</summary>
    public IEnumerable<string> Lemmas(string word) => BaseForms(word).SelectMany(form => _synsets[form]).SelectMany(ReadSynset);

    // morphy: an exception, else one ending less, else as many as it takes.
    private List<string> BaseForms(string word)
    {
        if (_exceptions.TryGetValue(word, out string[]? bases)) return Known([word, .. bases]);
        HashSet<string> forms = _morphology.Bases([word]);
        List<string> found = Known([word, .. forms]);
        while (found.Count == 0 && forms.Count > 0)
        {
            forms = _morphology.Bases(forms);
            found = Known(forms);
        }

        return found;
    }

    private List<string> Known(IEnumerable<string> forms) => [.. forms.Where(_synsets.ContainsKey).Distinct(StringComparer.Ordinal)];

    // "00001740 03 n 01 entity 0 ...": offset, file, type, number of words in hexadecimal, then words and their numbers.
    private List<string> ReadSynset(int offset)
    {
        List<string> lemmas = [];
        string[] fields = Line(offset).Split(' ');
        if (fields.Length < 4 || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out int own) || own != offset
            || !int.TryParse(fields[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int words)
                || fields.Length < 4 + (2 * words))
        {
            throw new PaliException($"{_dataPath}: there is no synset at offset {offset}. Take index and data files of one WordNet.");
        }

        for (int word = 0; word < words; word++)
        {
            // An adjective's place may stand behind it: "(p)".
            string lemma = fields[4 + (2 * word)];
            int marker = lemma.EndsWith(')') ? lemma.IndexOf('(', StringComparison.Ordinal) : -1;
            if (!lemma.Contains('_', StringComparison.Ordinal)) lemmas.Add(marker < 0 ? lemma : lemma[..marker]);
        }

        return lemmas;
    }

    private string Line(int offset)
    {
        if (offset < 0 || offset >= _data.Length) return "";
        int end = Array.IndexOf(_data, (byte)'\n', offset);
        return Encoding.Latin1.GetString(_data, offset, (end < 0 ? _data.Length : end) - offset);
    }

    // "entity n 1 1 ~ 1 1 00001740": word, type, number of synsets, number of pointer kinds, those, two numbers, the synsets' offsets.
    private void ReadIndex(string path)
    {
        foreach ((int number, string line) in Lines(path))
        {
            // The licence, at the beginning, is indented.
            if (line.StartsWith(' ')) continue;
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 4 || !TryParse(fields[2], out int count) || !TryParse(fields[3], out int pointers)
                || count > fields.Length || pointers > fields.Length || fields.Length < 6 + pointers + count)
            {
                throw new PaliException($"{path}: line {number} is not one of a WordNet index.");
            }

            int[] offsets = new int[count];
            for (int i = 0; i < count; i++)
            {
                if (!TryParse(fields[6 + pointers + i], out offsets[i]))
                {
                    throw new PaliException($"{path}: line {number} has an offset that is not a number.");
                }
            }

            _synsets[fields[0]] = offsets;
        }
    }

    private void ReadExceptions(string path)
    {
        foreach ((_, string line) in Lines(path))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0) _exceptions[words[0]] = words[1..];
        }
    }

    private static bool TryParse(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static IEnumerable<(int Number, string Line)> Lines(string path)
    {
        using StreamReader reader = new(new MemoryStream(Read(path)), Encoding.Latin1);
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length > 0) yield return (number, line);
        }
    }

    private static byte[] Read(string path) => InputFile.ReadAll(path, "the WordNet file", LongestFile);
}
