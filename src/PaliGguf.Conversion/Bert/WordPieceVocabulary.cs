using System.Text;
using System.Text.Json;
using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Bert;

/// <summary>The tokens of a cased BERT: <c>vocab.txt</c>, a token a line.</summary>
internal static class WordPieceVocabulary
{
    private const string File = "vocab.txt";
    private const string Settings = "tokenizer_config.json";
    private const string Uncased = "the vocabulary is an uncased one, and only cased ones are supported (bert-base-multilingual-cased)";

    // Strict: a token that is not UTF-8 is none that a text could have.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the tokens of a checkpoint folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="rows">The rows of the embedding.</param>
    /// <exception cref="ModelFormatException">
    /// The file is missing, is no vocabulary of such a model, or belongs to a tokenizer that does more than cased BERT's.
    /// </exception>
    public static IReadOnlyList<string> Read(string folder, int rows)
    {
        string path = Path.Combine(folder, File);
        string[] tokens = Lines(path);
        if (tokens.Length > rows)
        {
            throw new ModelFormatException(path, $"the file has {tokens.Length} lines, and the embedding {rows} rows (vocab_size)");
        }

        foreach (string special in new[] { "[UNK]", "[CLS]", "[SEP]" })
        {
            if (!tokens.Contains(special)) throw new ModelFormatException(path, $"the token {special} is missing");
        }

        if (!SaysCased(Path.Combine(folder, Settings)) && !tokens.Any(HasCapital)) throw new ModelFormatException(path, Uncased);
        return tokens;
    }

    private static string[] Lines(string path)
    {
        ReadOnlySpan<byte> content = CheckpointFile.ReadAll(path);
        try
        {
            string text = Utf8.GetString(content).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
            return (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelFormatException(path, "the file is not UTF-8: " + OneLine.Show(e.Message), e);
        }
    }

    /// <summary>Whether the tokenizer's settings say that it is cased; false where they say nothing.</summary>
    private static bool SaysCased(string path)
    {
        if (!System.IO.File.Exists(path)) return false;
        using JsonDocument document = CheckpointFile.ReadJson(path);
        ConfigSection settings = new(document.RootElement, path);
        settings.RequireNone("strip_accents", "accents would be taken off, which is not supported");
        settings.RequireFlag("tokenize_chinese_chars", true);
        settings.RequireFlag("do_basic_tokenize", true);
        return settings.Flag("do_lower_case") switch
        {
            true => throw settings.Refused("do_lower_case", Uncased),
            false => true,
            null => false,
        };
    }

    private static bool HasCapital(string token) => !token.StartsWith('[') && token.Any(char.IsUpper);
}
