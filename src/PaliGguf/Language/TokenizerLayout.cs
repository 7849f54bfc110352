using System.Text;
using PaliGguf.Gguf;

namespace PaliGguf.Language;

/// <summary>The tokenizer part of a text GGUF, checked: a SentencePiece vocabulary whose tokens differ, and which can spell any text.</summary>
internal sealed class TokenizerLayout
{
    private const string Prefix = "tokenizer.ggml.";
    private static readonly string[] EndKeys = ["eot_token_id", "eom_token_id", "fim_pad_token_id", "fim_rep_token_id", "fim_sep_token_id"];
    private static readonly string[] EndLists = ["eog_token_ids", "eos_token_ids"];
    private readonly TokenKind[] _kinds;
    private readonly float[] _scores;
    private readonly int[] _bytes;

    private TokenizerLayout(TextIndex texts, TokenKind[] kinds, float[] scores, int[] bytes)
    {
        Texts = texts;
        _kinds = kinds;
        _scores = scores;
        _bytes = bytes;
    }

    /// <summary>The tokens as they are stored: spaces of normal ones are U+2581.</summary>
    public TextIndex Texts { get; }

    public ReadOnlySpan<TokenKind> Kinds => _kinds;

    /// <summary>Of two ways to join neighbours, the one that gives the token of the greater score goes first.</summary>
    public ReadOnlySpan<float> Scores => _scores;

    /// <summary>The 256 tokens in which text that no other covers is spelled.</summary>
    public ReadOnlySpan<int> Bytes => _bytes;

    public required int BeginOfSequence { get; init; }

    /// <summary>The token that ends a sequence: <c>eos_token_id</c>.</summary>
    public required int EndOfSequence { get; init; }

    /// <summary>All tokens that end an answer, <see cref="EndOfSequence"/> first.</summary>
    public required IReadOnlyList<int> Ends { get; init; }

    /// <summary>The id of <c>&lt;image&gt;</c>, or of the first token that stands for no text if the file has none of that name.</summary>
    public required int ImageToken { get; init; }

    /// <summary>Reads and checks the tokenizer's keys.</summary>
    public static TokenizerLayout Read(GgufFile file)
    {
        string model = file.Metadata.GetString(Prefix + "model");
        file.Require(model == "llama", $"{Prefix}model is {GgufName.Quote(model)}; PaliGemma's SentencePiece vocabulary is 'llama'.");
        (byte[] bytes, int[] starts) = file.Metadata.ReadStrings(Prefix + "tokens");
        float[] scores = file.Metadata.GetSingleArray(Prefix + "scores").ToArray();
        ReadOnlySpan<int> types = file.Metadata.GetInt32Array(Prefix + "token_type");
        int count = starts.Length - 1;
        file.Require(count >= 261, $"{Prefix}tokens has {count} entries; a SentencePiece vocabulary has at least its 256 bytes and some control tokens.");
        file.Require(scores.Length == count, $"{Prefix}scores has {scores.Length} entries and {Prefix}tokens {count}; expected as many.");
        file.Require(types.Length == count, $"{Prefix}token_type has {types.Length} entries and {Prefix}tokens {count}; expected as many.");

        TextIndex texts = new(bytes, starts);
        TokenKind[] kinds = new TokenKind[count];
        for (int id = 0; id < count; id++)
        {
            file.Require(!texts[id].IsEmpty, $"token {id} is empty.");
            file.Require(types[id] is >= (int)TokenKind.Normal and <= (int)TokenKind.Byte, $"token {id} has type {types[id]}; expected 1 to 6.");
            file.Require(float.IsFinite(scores[id]), $"token {id} has the score {scores[id]}.");
            kinds[id] = (TokenKind)types[id];
        }

        if (texts.FindRepeat() is { } repeat) throw new ModelFormatException(file.Path, $"token {repeat.Number} repeats the text of token {repeat.Of}.");
        int[] byteTokens = ByteTokens(file, texts, kinds);
        int bos = Special(file, "bos_token_id", count);
        int eos = Special(file, "eos_token_id", count);
        file.Require(bos != eos, $"{Prefix}bos_token_id and eos_token_id are both {bos}.");
        CheckOtherSpecials(file, count);
        file.Require(
            !file.Metadata.TryGetEntry(Prefix + "suppress_tokens", out GgufMetadataEntry? suppressed) || suppressed.Count == 0,
            $"{Prefix}suppress_tokens is a setting that PaliGemma's text models do not have.");
        file.Require(
            !file.Metadata.TryGetBoolean(Prefix + "add_space_prefix", out bool spacePrefix) || !spacePrefix,
            $"{Prefix}add_space_prefix is true; Gemma's tokenizer adds no leading space.");

        int image = texts.Find("<image>"u8) is var found and not TextIndex.None ? found : FirstWithoutText(texts);
        file.Require(image > Math.Max(bos, eos), $"the token <image> has the id {image}; expected it after all others that stand for text.");
        KnownTexts.Apply(texts, kinds, file.Metadata);
        return new TokenizerLayout(texts, kinds, scores,
            byteTokens) { BeginOfSequence = bos, EndOfSequence = eos, Ends = ReadEnds(file, eos, count), ImageToken = image };
    }

    private static int[] ByteTokens(GgufFile file, TextIndex texts, TokenKind[] kinds)
    {
        int[] tokens = new int[256];
        for (int value = 0; value < tokens.Length; value++)
        {
            string piece = $"<0x{value:X2}>";
            int id = tokens[value] = texts.Find(Encoding.UTF8.GetBytes(piece));
            file.Require(id != TextIndex.None && kinds[id] == TokenKind.Byte, $"the byte token {piece} is missing.");
        }

        int stray = Enumerable.Range(0, kinds.Length).FirstOrDefault(id => kinds[id] == TokenKind.Byte && !tokens.Contains(id), TextIndex.None);
        file.Require(stray == TextIndex.None, $"token {stray} is of the type of bytes, and its text is none of <0x00> to <0xFF>.");
        return tokens;
    }

    private static int FirstWithoutText(TextIndex texts) => texts.Find("<seg127>"u8) is var last and not TextIndex.None ? last + 1 : texts.Count;

    private static int Special(GgufFile file, string key, int count)
    {
        uint id = file.Metadata.GetUInt32(Prefix + key);
        file.Require(id < count, $"{Prefix}{key} is {id}, and the vocabulary has {count} tokens.");
        return (int)id;
    }

    // As llama.cpp ends answers; the lists are what other converters write for models with several.
    private static IReadOnlyList<int> ReadEnds(GgufFile file, int eos, int count)
    {
        List<int> ends = [eos];
        foreach (string key in EndKeys)
        {
            if (file.Metadata.Contains(Prefix + key)) ends.Add(Special(file, key, count));
        }

        foreach (string key in EndLists)
        {
            if (!file.Metadata.TryGetEntry(Prefix + key, out GgufMetadataEntry? entry)) continue;
            foreach (long id in entry.ElementType == GgufValueType.Int32
                ? file.Metadata.GetInt32Array(Prefix + key).ToArray().Select(id => (long)id)
                    : file.Metadata.GetUInt32Array(Prefix + key).ToArray().Select(id => (long)id))
            {
                file.Require(id >= 0 && id < count, $"{Prefix}{key} holds {id}, and the vocabulary has {count} tokens.");
                ends.Add((int)id);
            }
        }

        return [.. ends.Distinct()];
    }

    private static void CheckOtherSpecials(GgufFile file, int count)
    {
        foreach (string key in file.Metadata.Keys)
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith("_token_id", StringComparison.Ordinal)) Special(file, key[Prefix.Length..], count);
        }
    }
}
