using System.Text;
using PaliGguf.Gguf;

namespace PaliGguf.Language;

/// <summary>
/// Tokens that llama.cpp knows by their text, whatever type a file gives them (llama_vocab::impl::load): Gemma's <c>&lt;end_of_turn&gt;</c> and
/// <c>&lt;/s&gt;</c> are among them. The others belong to other families, and are here so that a text has the same tokens in any vocabulary.
/// </summary>
internal static class KnownTexts
{
    private static readonly string[] EndOfAnswer =
    [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>", "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>",
        "[EOT]", "[EOS]", "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>", "<\uFF5Cend\u2581of\u2581sentence\uFF5C>", "[e~[",
    ];

    // The first that a vocabulary has of each, unless one of these keys says which it is.
    private static readonly (string[] Keys, string[] Texts)[] FillInTheMiddle =
    [
        (["fim_pre", "prefix"], ["<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<\uFF5Cfim\u2581begin\uFF5C>", "<PRE>", "\u2581<PRE>", "<|code_prefix|>", "<|prefix|>"]),
        (["fim_suf", "suffix"], ["<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<\uFF5Cfim\u2581hole\uFF5C>", "<SUF>", "\u2581<SUF>", "<|code_suffix|>", "<|suffix|>"]),
        (["fim_mid", "middle"], ["<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<\uFF5Cfim\u2581end\uFF5C>", "<MID>", "\u2581<MID>", "<|code_middle|>", "<|middle|>"]),
        (["fim_pad"], ["<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"]),
        (["fim_rep"], ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"]),
        (["fim_sep"], ["<|file_sep|>"]),
    ];

    private static readonly string[] Channels = ["<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"];

    /// <summary>Gives such tokens the kind that the library gives them.</summary>
    public static void Apply(TextIndex texts, Span<TokenKind> kinds, GgufMetadata metadata)
    {
        int Find(string text) => texts.Find(Encoding.UTF8.GetBytes(text));
        bool Has(string text) => Find(text) != TextIndex.None;
        void Set(Span<TokenKind> all, string text, TokenKind kind)
        {
            if (Find(text) is var token and not TextIndex.None) all[token] = kind;
        }

        foreach ((string[] keys, string[] candidates) in FillInTheMiddle)
        {
            if (keys.Any(key => metadata.Contains($"tokenizer.ggml.{key}_token_id"))) continue;
            if (candidates.Where(Has).MinBy(Find) is { } first) Set(kinds, first, TokenKind.Control);
        }

        foreach (string text in EndOfAnswer) Set(kinds, text, TokenKind.Control);
        foreach (string text in Channels) Set(kinds, text, TokenKind.UserDefined);
        bool calls = Has("<|call|>") || Has("<|calls|>");
        if (calls && (Has("<|return|>") || Has("<|flush|>"))) Set(kinds, "<|end|>", TokenKind.UserDefined);
        if (Has("<|tool_response>")) Set(kinds, "</s>", TokenKind.Normal);
    }
}
