using System.Collections.Frozen;

namespace PaliGguf.Tasks;

/// <summary>
/// The languages of PaliGemma's prompts: the 35 of COCO-35L, under the codes that its captions were trained with (big_vision,
/// transfers/coco35l.py). What else names one of them is understood: a tag of BCP 47 in any case, whose region or script the model does not
/// tell apart ("th-TH", "PT_br"), a code of ISO 639-2, an older code, and a name in English or in the language itself.
/// </summary>
public static class PromptLanguage
{
    private const int LongestTag = 35;
    private const int LongestQuote = 40;

    // The code, then what else it is called.
    private static readonly string[][] All =
    [
        ["ar", "ara", "Arabic", "العربية"],
        ["bn", "ben", "Bengali", "Bangla", "বাংলা"],
        ["cs", "ces", "cze", "Czech", "čeština"],
        ["da", "dan", "Danish", "dansk"],
        ["de", "deu", "ger", "German", "Deutsch"],
        ["el", "ell", "gre", "Greek", "Ελληνικά"],
        ["en", "eng", "English"],
        ["es", "spa", "Spanish", "Castilian", "español"],
        ["fa", "fas", "per", "Persian", "Farsi", "فارسی"],
        ["fi", "fin", "Finnish", "suomi"],
        ["fil", "tl", "tgl", "Filipino", "Tagalog"],
        ["fr", "fra", "fre", "French", "français"],
        ["he", "heb", "iw", "Hebrew", "עברית"],
        ["hi", "hin", "Hindi", "हिन्दी"],
        ["hr", "hrv", "Croatian", "hrvatski"],
        ["hu", "hun", "Hungarian", "magyar"],
        ["id", "ind", "in", "Indonesian", "Bahasa Indonesia"],
        ["it", "ita", "Italian", "italiano"],
        ["ja", "jpn", "Japanese", "日本語"],
        ["ko", "kor", "Korean", "한국어"],
        ["mi", "mri", "mao", "Maori", "Māori", "te reo Māori"],
        ["nl", "nld", "dut", "Dutch", "Flemish", "Nederlands"],
        ["no", "nor", "nb", "nob", "nn", "nno", "Norwegian", "norsk"],
        ["pl", "pol", "Polish", "polski"],
        ["pt", "por", "Portuguese", "português"],
        ["ro", "ron", "rum", "mo", "Romanian", "română"],
        ["ru", "rus", "Russian", "русский"],
        ["sv", "swe", "Swedish", "svenska"],
        ["sw", "swa", "swh", "Swahili", "Kiswahili"],
        ["te", "tel", "Telugu", "తెలుగు"],
        ["th", "tha", "Thai", "ไทย", "ภาษาไทย"],
        ["tr", "tur", "Turkish", "Türkçe"],
        ["uk", "ukr", "Ukrainian", "українська"],
        ["vi", "vie", "Vietnamese", "Tiếng Việt"],
        ["zh", "zho", "chi", "cmn", "Chinese", "Mandarin", "中文"],
    ];

    private static readonly FrozenDictionary<string, string> Names =
        All.SelectMany(names => names.Select(name => KeyValuePair.Create(name, names[0])))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The codes as prompts have them, in alphabetical order.</summary>
    public static IReadOnlyList<string> Codes { get; } = [.. All.Select(names => names[0])];

    /// <summary>The code of a language that is named in some way.</summary>
    /// <param name="language">A code, a tag of BCP 47, or a name.</param>
    /// <returns>The code; null if it is none of these languages.</returns>
    public static string? Find(string language)
    {
        ArgumentNullException.ThrowIfNull(language);
        if (Names.TryGetValue(language, out string? code)) return code;
        // What follows the language of a tag narrows it down; POSIX puts an underscore before it.
        string[] subtags = language.Length <= LongestTag ? language.Split('-', '_') : [];
        bool isTag = subtags is [{ Length: 2 or 3 }, ..]
            && Array.TrueForAll(subtags, subtag => subtag.Length is >= 1 and <= 8 && subtag.All(char.IsAsciiLetterOrDigit));
        return isTag && Names.TryGetValue(subtags[0], out code) ? code : null;
    }

    /// <summary>The code of a language that is named in some way.</summary>
    /// <inheritdoc cref="Find" path="/param"/>
    /// <exception cref="ArgumentException">It is none of the languages of the prompts.</exception>
    public static string Require(string language) => Find(language) ?? throw new ArgumentException(Problem(language), nameof(language));

    /// <summary>What is wrong with a text that names none of the languages.</summary>
    internal static string Problem(string language)
    {
        string quoted = language.Length <= LongestQuote ? language : language[..LongestQuote] + "...";
        return $"'{quoted}' is not a language code or name that the model was trained with ({string.Join(", ", Codes)}); a prompt in other "
            + "words may have any language.";
    }
}
