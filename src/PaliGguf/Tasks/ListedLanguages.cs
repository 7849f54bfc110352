using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PaliGguf.Gguf;

namespace PaliGguf.Tasks;

/// <summary>The languages that a model's file lists (general.languages), and a warning for prompts in others. Safe for use by several threads.</summary>
internal sealed class ListedLanguages
{
    private const string Key = "general.languages";

    private readonly ILogger _logger;
    private readonly string _path;
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    private ListedLanguages(string path, IReadOnlyList<string> codes, ILogger logger) => (_path, Codes, _logger) = (path, codes, logger);

    /// <summary>Those of <see cref="PromptLanguage"/> that are listed: all where none of them is, as most files list nothing.</summary>
    public IReadOnlyList<string> Codes { get; }

    /// <summary>Reads the list of a text GGUF. What names no language of prompts ("multilingual") says nothing.</summary>
    public static ListedLanguages Read(GgufFile file, ILogger logger)
    {
        bool isList = file.Metadata.TryGetEntry(Key, out GgufMetadataEntry? entry) && entry.ElementType == GgufValueType.String;
        string[] codes = isList ? [.. file.Metadata.GetStringArray(Key).Select(PromptLanguage.Find).OfType<string>().Distinct()] : [];
        return new ListedLanguages(file.Path, codes.Length > 0 ? codes : PromptLanguage.Codes, logger);
    }

    /// <summary>Warns of a prompt of a known form in a language that is not listed, once for each language.</summary>
    public void Look(string prompt)
    {
        if (Prompts.LanguageOf(prompt) is not { } language || Codes.Contains(language, StringComparer.Ordinal) || !_told.TryAdd(language, true)) return;
        _logger.LogWarning(
            "{Path}: the prompt asks for '{Language}', and the file lists the languages {Languages} ({Key}): the answer may be in another.",
            _path,
            language,
            string.Join(", ", Codes),
            Key);
    }
}
