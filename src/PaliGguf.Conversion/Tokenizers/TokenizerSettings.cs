using System.Text.Json;
using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tokenizers;

/// <summary>
/// What <c>tokenizer_config.json</c> says beside the added tokens. PaliGemma's processor puts the beginning before a prompt and a line feed
/// after it whatever the tokenizer is set to, so little of it makes a difference.
/// </summary>
internal static class TokenizerSettings
{
    private const string File = "tokenizer_config.json", Begin = "bos_token", TidyUp = "clean_up_tokenization_spaces";

    private static readonly string[] Classes = ["GemmaTokenizer", "GemmaTokenizerFast", "PreTrainedTokenizerFast", "TokenizersBackend"];

    private static readonly string[] Bookkeeping =
    [
        "added_tokens_decoder", "additional_special_tokens", "extra_special_tokens", "special_tokens_map_file", "tokenizer_file",
        "add_bos_token", "add_eos_token", "eos_token", "pad_token", "unk_token", "image_token", "boi_token", "eoi_token", "sp_model_kwargs",
        "chat_template", "use_default_system_prompt", "legacy", "model_input_names", "model_max_length", "max_length", "stride",
        "padding_side",
        "truncation_side", "truncation_strategy", "pad_to_multiple_of", "pad_token_type_id", "padding", "processor_class", "auto_map",
        "name_or_path", "from_slow", "backend", "is_local", "local_files_only", "split_special_tokens", "spaces_between_special_tokens",
        "add_prefix_space", "errors", "vocab_file", "__type", "use_fast", "trust_remote_code", "revision", "cache_dir", "token",
    ];

    /// <summary>Checks it against the tokens of the model.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="vocabulary">Its tokens.</param>
    /// <param name="warnings">Told of what is not done.</param>
    /// <exception cref="ModelFormatException">The file is malformed, or prompts are to begin with another token.</exception>
    public static void Check(string folder, Vocabulary vocabulary, ConversionWarnings warnings)
    {
        string path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path)) return;
        using JsonDocument document = CheckpointFile.ReadJson(path);
        ConfigSection config = new(document.RootElement, path);
        string begin = vocabulary.Tokens[vocabulary.BeginId].Text;
        if ((config.IsObject(Begin) ? config.Section(Begin)!.Text("content") : config.Text(Begin)) is { } told && told != begin)
            throw config.Refused(Begin, $"prompts begin with the tokenizer's own, {OneLine.Show(begin)}");
        if (config.Text("tokenizer_class") is { } type && !Classes.Contains(type))
            warnings.Add(path, $"tokenizer_class is {OneLine.Show(type)}: texts are split as GemmaTokenizer does it");
        if (config.Flag(TidyUp) is true) warnings.Add(path, $"{TidyUp} is true, which is not done: answers keep their spaces");
        config.Ignore(Bookkeeping).WarnOfOthers(warnings);
    }
}
