using System.Globalization;
using System.Text;

namespace PaliGguf.Evaluation.Metrics.Bert;

/// <summary>
/// Splits texts into the tokens of a cased BERT, as its authors' tokenizer and transformers do. Immutable, and safe for concurrent use.
/// </summary>
/// <remarks>
/// Characters of control, format, private use and of no meaning vanish, white space separates, punctuation and Chinese characters are words of
/// their own; letters keep their case and their accents, and nothing is composed or decomposed. A word becomes the longest token that it begins
/// with, then the longest "##" token, and so on; where none fits, and where it has more than 100 characters, it is [UNK] as a whole. [CLS],
/// [SEP], [MASK], [PAD] and [UNK] in a text are those tokens. Schuster and Nakajima, "Japanese and Korean voice search", 2012; Devlin and
/// others, "BERT", 2019. Characters are those of .NET's Unicode tables.
/// </remarks>
public sealed class WordPieceTokenizer
{
    private const int LongestWord = 100;
    private const string Continuation = "##";
    private static readonly string[] SpecialTexts = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"];

    private readonly Dictionary<string, int> _beginnings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _continuations = new(StringComparer.Ordinal);
    private readonly (string Text, int Token)[] _special;
    private readonly int _longest;
    private readonly int _unknown;
    private readonly int _begin;
    private readonly int _end;

    /// <summary>Takes a vocabulary.</summary>
    /// <param name="vocabulary">The tokens by their numbers, as <c>vocab.txt</c> lists them. Of two that are equal the later one counts.</param>
    /// <exception cref="ArgumentException">[UNK], [CLS] or [SEP] is missing.</exception>
    public WordPieceTokenizer(IReadOnlyList<string> vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        Count = vocabulary.Count;
        for (int token = 0; token < Count; token++)
        {
            string text = vocabulary[token];
            _beginnings[text] = token;
            if (text.StartsWith(Continuation, StringComparison.Ordinal)) _continuations[text[Continuation.Length..]] = token;
            _longest = Math.Max(_longest, text.Length);
        }

        _special = [.. SpecialTexts.Where(_beginnings.ContainsKey).Select(text => (text, _beginnings[text]))];
        _unknown = Special(0);
        _begin = Special(1);
        _end = Special(2);

        int Special(int index) => _beginnings.TryGetValue(SpecialTexts[index], out int token)
            ? token
            : throw new ArgumentException($"The vocabulary has no {SpecialTexts[index]}.", nameof(vocabulary));
    }

    /// <summary>How many tokens there are.</summary>
    public int Count { get; }

    /// <summary>The tokens of a text, between [CLS] and [SEP].</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">How many tokens there are at most, those two among them; what follows is cut off. At least 2.</param>
    public int[] Encode(string text, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        List<int> tokens = [_begin];
        Word word = new();
        int position = 0;
        while (position < text.Length && tokens.Count < most)
        {
            if (SpecialAt(text.AsSpan(position)) is { } special)
            {
                Flush();
                tokens.Add(special.Token);
                position += special.Text.Length;
                continue;
            }

            // Half a surrogate pair becomes U+FFFD, which vanishes.
            Rune.DecodeFromUtf16(text.AsSpan(position), out Rune character, out int length);
            position += length;
            switch (KindOf(character))
            {
                case Kind.Letter:
                    word.Add(character);
                    break;
                case Kind.Separator:
                    Flush();
                    break;
                case Kind.Single:
                    Flush();
                    word.Add(character);
                    Flush();
                    break;
            }
        }

        Flush();
        if (tokens.Count >= most) tokens.RemoveRange(most - 1, tokens.Count - most + 1);
        return [.. tokens, _end];

        void Flush()
        {
            if (word.Characters > 0) Split(word, tokens);
            word.Clear();
        }
    }

    private (string Text, int Token)? SpecialAt(ReadOnlySpan<char> rest)
    {
        if (rest[0] != '[') return null;
        foreach ((string text, int token) in _special)
        {
            if (rest.StartsWith(text, StringComparison.Ordinal)) return (text, token);
        }

        return null;
    }

    private void Split(Word word, List<int> tokens)
    {
        if (word.Characters > LongestWord)
        {
            tokens.Add(_unknown);
            return;
        }

        int first = tokens.Count;
        ReadOnlySpan<char> rest = word.Text;
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> known = _beginnings.GetAlternateLookup<ReadOnlySpan<char>>();
        while (!rest.IsEmpty)
        {
            int length = Math.Min(rest.Length, _longest);
            int token;
            while (!known.TryGetValue(rest[..length], out token) && length > 0) length--;
            if (length == 0)
            {
                tokens.RemoveRange(first, tokens.Count - first);
                tokens.Add(_unknown);
                return;
            }

            tokens.Add(token);
            rest = rest[length..];
            known = _continuations.GetAlternateLookup<ReadOnlySpan<char>>();
        }
    }

    private static Kind KindOf(Rune character)
    {
        switch (character.Value)
        {
            case '\t' or '\n' or '\r' or 0x2028 or 0x2029: return Kind.Separator;
            case 0xFFFD: return Kind.Nothing;
        }

        if (IsAsciiMark(character.Value) || IsChinese(character.Value)) return Kind.Single;
        return Rune.GetUnicodeCategory(character) switch
        {
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
                or UnicodeCategory.OtherNotAssigned => Kind.Nothing,
            UnicodeCategory.SpaceSeparator => Kind.Separator,
            UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
                or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
                or UnicodeCategory.OtherPunctuation => Kind.Single,
            _ => Kind.Letter,
        };
    }

    // Signs such as $ and ^ too, which Unicode does not count among punctuation.
    private static bool IsAsciiMark(int character) => character is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`')
        or (>= '{' and <= '~');

    // The blocks of Chinese characters; neither kana nor hangul, which are written in words or runs of them.
    private static bool IsChinese(int character) => character is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    private enum Kind
    {
        Letter,
        Separator,
        Single,
        Nothing,
    }

    /// <summary>The word that is being read. Of one that is too long only the number of characters is kept.</summary>
    private sealed class Word
    {
        private readonly char[] _text = new char[2 * LongestWord];
        private int _length;

        public int Characters { get; private set; }

        public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

        public void Add(Rune character)
        {
            Characters++;
            if (Characters <= LongestWord) _length += character.EncodeToUtf16(_text.AsSpan(_length));
        }

        public void Clear()
        {
            Characters = 0;
            _length = 0;
        }
    }
}
