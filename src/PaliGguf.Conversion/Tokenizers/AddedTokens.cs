using System.Globalization;
using System.Text.Json;
using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tokenizers;

/// <summary>A token that the checkpoint adds to those of its SentencePiece model.</summary>
internal readonly record struct AddedToken(int Id, string Text, bool Special);

/// <summary>
/// Tokens added beside the SentencePiece model: <c>added_tokens.json</c> lists texts and ids, <c>tokenizer_config.json</c> repeats them
/// and tells which are special; the newest checkpoints list them in <c>tokenizer.json</c> only.
/// </summary>
internal sealed class AddedTokens
{
    private const int MostTokens = 1 << 22;
    private readonly SortedDictionary<int, AddedToken> _tokens = [];

    private AddedTokens()
    {
    }

    public IEnumerable<AddedToken> Tokens => _tokens.Values;

    /// <summary>Reads what a checkpoint folder has of these files.</summary>
    /// <exception cref="ModelFormatException">A file is malformed, or two give one id different texts.</exception>
    public static AddedTokens Read(string folder)
    {
        AddedTokens added = new();
        added.ReadList(Path.Combine(folder, "added_tokens.json"));
        added.ReadTokenizerConfig(Path.Combine(folder, "tokenizer_config.json"));
        if (added._tokens.Count == 0) added.ReadTokenizer(Path.Combine(folder, "tokenizer.json"));
        return added;
    }

    private void ReadList(string path)
    {
        if (!File.Exists(path)) return;
        using JsonDocument document = CheckpointFile.ReadJson(path);
        ConfigSection tokens = new(document.RootElement, path);
        foreach (JsonProperty token in document.RootElement.EnumerateObject())
        {
            Add(path, new AddedToken(tokens.RequiredInteger(token.Name, least: 0, most: MostTokens), token.Name, Special: false));
        }
    }

    private void ReadTokenizerConfig(string path)
    {
        if (!File.Exists(path)) return;
        using JsonDocument document = CheckpointFile.ReadJson(path);
        if (new ConfigSection(document.RootElement, path).Section("added_tokens_decoder") is not { } decoder) return;
        foreach (JsonProperty entry in document.RootElement.GetProperty("added_tokens_decoder").EnumerateObject())
        {
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id > MostTokens)
            {
                throw new ModelFormatException(path, $"added_tokens_decoder has the key {OneLine.Show(entry.Name)}, expected a token id");
            }

            AddDescribed(path, id, decoder.Section(entry.Name) ?? throw decoder.Missing(entry.Name));
        }
    }

    private void ReadTokenizer(string path)
    {
        if (!File.Exists(path)) return;
        using JsonDocument document = CheckpointFile.ReadJson(path);
        foreach (JsonElement entry in new ConfigSection(document.RootElement, path).Array("added_tokens") ?? [])
        {
            if (entry.ValueKind != JsonValueKind.Object) throw new ModelFormatException(path, "added_tokens has an entry that is not an object");
            ConfigSection token = new(entry, path, "added_tokens.");
            AddDescribed(path, token.RequiredInteger("id", least: 0, most: MostTokens), token);
        }
    }

    private void AddDescribed(string path, int id, ConfigSection token)
    {
        string text = token.Text("content") ?? throw token.Missing("content");
        string shown = OneLine.Show(text);
        foreach (string key in new[] { "lstrip", "rstrip" })
            token.RequireNone(key, $"the spaces beside {shown} would belong to it, and GGUF can not say that");
        token.RequireNone("single_word", $"{shown} would be no token inside of words, and GGUF can not say that");
        if (text.AsSpan().ContainsAny(' ', '\u2581'))
            token.RequireNone("normalized", $"the spaces of {shown} would be searched for in another form, and GGUF can not say that");
        Add(path, new AddedToken(id, text, token.Flag("special") ?? false));
    }

    private void Add(string path, AddedToken token)
    {
        if (_tokens.TryGetValue(token.Id, out AddedToken known) && known.Text != token.Text)
        {
            throw new ModelFormatException(path, $"the added token {token.Id} is {OneLine.Show(token.Text)}, but {OneLine.Show(known.Text)} in another file");
        }

        _tokens[token.Id] = token with { Special = token.Special || known.Special };
    }
}
