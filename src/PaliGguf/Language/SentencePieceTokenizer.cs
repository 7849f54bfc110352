using System.Text;

namespace PaliGguf.Language;

/// <summary>
/// Text to tokens, exactly as llama.cpp's SentencePiece tokenizer does it (llm_tokenizer_spm_session, without special tokens and without a
/// space before the text): user-defined tokens are cut out, spaces become U+2581, and then, again and again, the two neighbours are joined that
/// give the token of the greatest score. What is no token in the end is spelled in bytes.
/// </summary>
internal sealed class SentencePieceTokenizer(TokenizerLayout tokens)
{
    private static readonly Comparer<(float Score, int Left)> BestFirst =
        Comparer<(float Score, int Left)>.Create((one, other) => other.Score.CompareTo(one.Score) is var order and not 0 ? order : one.Left.CompareTo(other.Left));

    private readonly UserDefinedTokens _userDefined = new(tokens);

    public int[] Tokenize(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        List<int> result = new((bytes.Length / 3) + 1);
        int start = 0;
        foreach ((int next, int token) in _userDefined.FindIn(bytes))
        {
            Merge(bytes.AsSpan(start..next), result);
            result.Add(token);
            start = next + tokens.Texts[token].Length;
        }

        Merge(bytes.AsSpan(start), result);
        return [.. result];
    }

    private void Merge(ReadOnlySpan<byte> part, List<int> result)
    {
        if (part.IsEmpty) return;
        byte[] text = MarkSpaces(part);
        Span<Symbol> symbols = Symbols(text);
        PriorityQueue<Pair, (float, int)> pairs = new(symbols.Length, BestFirst);
        for (int right = 1; right < symbols.Length; right++) Add(pairs, symbols, text, right - 1, right);
        while (pairs.TryDequeue(out Pair pair, out _))
        {
            ref Symbol left = ref symbols[pair.Left], right = ref symbols[pair.Right];
            // One of the two is part of something else by now.
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != pair.Length) continue;
            left.Length = pair.Length;
            left.Next = right.Next;
            right.Length = 0;
            if (left.Next >= 0) symbols[left.Next].Previous = pair.Left;
            Add(pairs, symbols, text, left.Previous, pair.Left);
            Add(pairs, symbols, text, pair.Left, left.Next);
        }

        for (int symbol = 0; symbol >= 0; symbol = symbols[symbol].Next) Write(text.AsSpan(symbols[symbol].Start, symbols[symbol].Length), result);
    }

    private void Add(PriorityQueue<Pair, (float, int)> pairs, ReadOnlySpan<Symbol> symbols, ReadOnlySpan<byte> text, int left, int right)
    {
        if (left < 0 || right < 0) return;
        int length = symbols[left].Length + symbols[right].Length;
        int token = tokens.Texts.Find(text.Slice(symbols[left].Start, length));
        if (token != TextIndex.None) pairs.Enqueue(new Pair(left, right, length), (tokens.Scores[token], left));
    }

    private void Write(ReadOnlySpan<byte> text, List<int> result)
    {
        int token = tokens.Texts.Find(text);
        if (token != TextIndex.None)
        {
            result.Add(token);
            return;
        }

        foreach (byte value in text) result.Add(tokens.Bytes[value]);
    }

    private static byte[] MarkSpaces(ReadOnlySpan<byte> text)
    {
        byte[] marked = new byte[text.Length + (2 * text.Count((byte)' '))];
        Span<byte> rest = marked;
        foreach (byte value in text)
        {
            ReadOnlySpan<byte> written = value == ' ' ? SpaceMark : [value];
            written.CopyTo(rest);
            rest = rest[written.Length..];
        }

        return marked;
    }

    /// <summary>U+2581, which stands for a space in normal tokens.</summary>
    public static ReadOnlySpan<byte> SpaceMark => "\u2581"u8;

    private static Symbol[] Symbols(ReadOnlySpan<byte> text)
    {
        Symbol[] symbols = new Symbol[Encoding.UTF8.GetCharCount(text)];
        int count = 0;
        for (int start = 0; start < text.Length; count++)
        {
            Rune.DecodeFromUtf8(text[start..], out _, out int length);
            symbols[count] = new Symbol { Start = start, Length = length, Previous = count - 1, Next = count + 1 };
            start += length;
        }

        symbols[count - 1].Next = -1;
        return symbols[..count];
    }

    /// <summary>A character, or what it was joined to; those that were joined to another have no length.</summary>
    private struct Symbol
    {
        public int Start;
        public int Length;
        public int Previous;
        public int Next;
    }

    private readonly record struct Pair(int Left, int Right, int Length);
}
