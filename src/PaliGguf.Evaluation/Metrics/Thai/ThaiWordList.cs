using System.Text;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Thai;

/// <summary>The words that <see cref="NewmmTokenizer"/> knows. Immutable; safe for use by several threads.</summary>
/// <remarks>
/// A trie, whose nodes are numbered level by level, so that the children of a node follow each other, in the order of their letters.
/// </remarks>
public sealed class ThaiWordList
{
    private const long LongestFile = 16L << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly char[] LineBreaks = ['\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029'];

    // Per node: its letter, whether a word ends there, and where its children begin; they end where those of the next node begin.
    private readonly char[] _letters;
    private readonly bool[] _ends;
    private readonly int[] _children;

    private ThaiWordList(string[] words)
    {
        Count = words.Length;
        List<char> letters = ['\0'];
        List<bool> ends = [false];
        List<int> children = [];
        List<(int From, int To, int Depth)> nodes = [(0, words.Length, 0)];
        for (int node = 0; node < nodes.Count; node++)
        {
            (int from, int to, int depth) = nodes[node];
            children.Add(nodes.Count);
            if (from < to && words[from].Length == depth)
            {
                ends[node] = true;
                from++;
            }

            while (from < to)
            {
                char letter = words[from][depth];
                int next = from;
                while (next < to && words[next][depth] == letter) next++;
                letters.Add(letter);
                ends.Add(false);
                nodes.Add((from, next, depth + 1));
                from = next;
            }
        }

        children.Add(nodes.Count);
        (_letters, _ends, _children) = ([.. letters], [.. ends], [.. children]);
    }

    /// <summary>How many words there are.</summary>
    public int Count { get; }

    /// <summary>Makes a list of words; white space around them is dropped.</summary>
    /// <param name="words">The words.</param>
    public static ThaiWordList Create(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        string[] all = [.. words.Select(PythonText.Strip).Where(word => word.Length > 0).Distinct(StringComparer.Ordinal)];
        Array.Sort(all, StringComparer.Ordinal);
        return new ThaiWordList(all);
    }

    /// <summary>
    /// Reads a file of words, as PyThaiNLP publishes it (<c>pythainlp/corpus/words_th.txt</c>): UTF-8, one a line, comments behind #.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PaliException">The file can not be read, is no UTF-8 text, or holds no word.</exception>
    public static ThaiWordList Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] content = InputFile.ReadAll(path, "the list of words", LongestFile);
        try
        {
            ThaiWordList list = Create(Utf8.GetString(content).TrimStart('\uFEFF').Split(LineBreaks).Select(WithoutComment));
            return list.Count > 0 ? list : throw new PaliException($"{path}: it holds no word.");
        }
        catch (DecoderFallbackException e)
        {
            throw new PaliException($"{path}: the list of words is no UTF-8 text.", e);
        }
    }

    /// <summary>The ends of the words that begin at a place of a text, the shortest first.</summary>
    internal WordEnds EndsFrom(string text, int place) => new(this, text, place);

    private static string WithoutComment(string line)
    {
        int comment = line.IndexOf('#', StringComparison.Ordinal);
        return comment < 0 ? line : line[..comment];
    }

    private int Child(int node, char letter)
    {
        int first = _children[node];
        int found = _letters.AsSpan(first, _children[node + 1] - first).BinarySearch(letter);
        return found < 0 ? 0 : first + found;
    }

    /// <summary>Walks down the trie.</summary>
    internal ref struct WordEnds(ThaiWordList words, string text, int place)
    {
        private int _node;

        public int Current { get; private set; } = place;

        public bool MoveNext()
        {
            while (Current < text.Length)
            {
                _node = words.Child(_node, text[Current]);
                if (_node == 0) return false;
                Current++;
                if (words._ends[_node]) return true;
            }

            return false;
        }
    }
}
