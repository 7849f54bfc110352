using System.Buffers;

namespace PaliGguf.Language;

/// <summary>
/// Tokens that a text is first searched for as they stand (locations, codewords, runs of spaces and line feeds), before the rest of it is put
/// together from letters: of all that a text holds the longest are taken first, and of the same length from the left. (Only where two of one
/// length overlap, which PaliGemma's do not, may the library, which takes all of one token before the next, come to another result.)
/// </summary>
internal sealed class UserDefinedTokens
{
    private readonly TokenizerLayout _tokens;
    private readonly (int Length, SearchValues<byte> FirstBytes)[] _lengths;

    public UserDefinedTokens(TokenizerLayout tokens)
    {
        _tokens = tokens;
        SortedDictionary<int, HashSet<byte>> firstBytes = [];
        for (int token = 0; token < tokens.Kinds.Length; token++)
        {
            if (tokens.Kinds[token] != TokenKind.UserDefined) continue;
            ReadOnlySpan<byte> text = tokens.Texts[token];
            if (!firstBytes.TryGetValue(text.Length, out HashSet<byte>? known)) firstBytes.Add(text.Length, known = []);
            known.Add(text[0]);
        }

        _lengths = [.. firstBytes.Reverse().Select(pair => (pair.Key, SearchValues.Create([.. pair.Value])))];
    }

    /// <summary>Finds them in a text, none overlapping another.</summary>
    /// <returns>From the left.</returns>
    public List<(int Start, int Token)> FindIn(ReadOnlySpan<byte> text)
    {
        List<(int Start, int Token)> found = [];
        bool[]? taken = null;
        foreach ((int length, SearchValues<byte> firstBytes) in _lengths)
        {
            for (int start = 0; text.Length - start >= length; start++)
            {
                int skipped = text[start..^(length - 1)].IndexOfAny(firstBytes);
                if (skipped < 0) break;
                start += skipped;
                // What is taken already is not shorter, so that it covers an end of what it overlaps.
                if (taken is not null && (taken[start] || taken[start + length - 1])) continue;
                int token = _tokens.Texts.Find(text.Slice(start, length));
                if (token == TextIndex.None || _tokens.Kinds[token] != TokenKind.UserDefined) continue;
                found.Add((start, token));
                (taken ??= new bool[text.Length]).AsSpan(start, length).Fill(true);
                start += length - 1;
            }
        }

        found.Sort((one, other) => one.Start.CompareTo(other.Start));
        return found;
    }
}
