using PaliGguf.Gguf;

namespace PaliGguf.Language;

/// <summary>The tokenizer part of a text GGUF, checked before the native loader reads it.</summary>
internal static class TokenizerLayout
{
    private const int Normal = 1;
    private const int LastType = 6;
    private const int Byte = 6;
    private const string Prefix = "tokenizer.ggml.";

    /// <summary>Checks the tokenizer's keys.</summary>
    /// <returns>The id of <c>&lt;image&gt;</c>, or of the first token that stands for no text if the file has none of that name.</returns>
    public static int Check(GgufFile file)
    {
        string kind = file.Metadata.GetString(Prefix + "model");
        file.Require(kind == "llama", $"{Prefix}model is {GgufName.Quote(kind)}; PaliGemma's SentencePiece vocabulary is 'llama'.");
        IReadOnlyList<string> tokens = file.Metadata.GetStringArray(Prefix + "tokens");
        ReadOnlySpan<float> scores = file.Metadata.GetSingleArray(Prefix + "scores");
        ReadOnlySpan<int> types = file.Metadata.GetInt32Array(Prefix + "token_type");
        file.Require(tokens.Count >= 261, $"{Prefix}tokens has {tokens.Count} entries; a SentencePiece vocabulary has at least its 256 bytes and some control tokens.");
        file.Require(scores.Length == tokens.Count, $"{Prefix}scores has {scores.Length} entries and {Prefix}tokens {tokens.Count}; expected as many.");
        file.Require(types.Length == tokens.Count, $"{Prefix}token_type has {types.Length} entries and {Prefix}tokens {tokens.Count}; expected as many.");

        Dictionary<string, int> ids = new(tokens.Count, StringComparer.Ordinal);
        for (int id = 0; id < tokens.Count; id++)
        {
            file.Require(tokens[id].Length > 0, $"token {id} is empty.");
            file.Require(ids.TryAdd(tokens[id], id), $"token {id} repeats the text of token {ids[tokens[id]]}.");
            file.Require(types[id] is >= Normal and <= LastType, $"token {id} has type {types[id]}; expected 1 to 6.");
            file.Require(float.IsFinite(scores[id]), $"token {id} has the score {scores[id]}.");
        }

        // Text that no piece covers is spelled in these; the library throws across the native border where one is missing.
        for (int value = 0; value < 256; value++)
        {
            string piece = $"<0x{value:X2}>";
            file.Require(ids.TryGetValue(piece, out int id) && types[id] == Byte, $"the byte token {piece} is missing.");
        }

        int bos = Special(file, "bos_token_id", tokens.Count);
        int eos = Special(file, "eos_token_id", tokens.Count);
        file.Require(bos != eos, $"{Prefix}bos_token_id and eos_token_id are both {bos}.");
        CheckOtherSpecials(file, tokens.Count);
        file.Require(
            !file.Metadata.TryGetBoolean(Prefix + "add_space_prefix", out bool spacePrefix) || !spacePrefix,
            $"{Prefix}add_space_prefix is true; Gemma's tokenizer adds no leading space.");

        int image = ids.TryGetValue("<image>", out int found) ? found : FirstWithoutText(ids, tokens.Count);
        file.Require(image > Math.Max(bos, eos), $"the token <image> has the id {image}; expected it after all others that stand for text.");
        return image;
    }

    private static int FirstWithoutText(Dictionary<string, int> ids, int count) => ids.TryGetValue("<seg127>", out int last) ? last + 1 : count;

    private static int Special(GgufFile file, string key, int count)
    {
        uint id = file.Metadata.GetUInt32(Prefix + key);
        file.Require(id < count, $"{Prefix}{key} is {id}, and the vocabulary has {count} tokens.");
        return (int)id;
    }

    private static void CheckOtherSpecials(GgufFile file, int count)
    {
        foreach (string key in file.Metadata.Keys)
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith("_token_id", StringComparison.Ordinal)) Special(file, key[Prefix.Length..], count);
        }
    }
}
