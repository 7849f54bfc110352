using System.Collections.Frozen;

namespace PaliGguf.Evaluation.Metrics.Tokenization;

/// <summary>
/// Porter's stemmer of English words with nltk's extensions, as ROUGE and METEOR use it: a table of irregular words, <c>-ied</c> and
/// <c>-ies</c> of short words, <c>-y</c> behind consonants alone, and others. Many stems differ from the paper's.
/// </summary>
/// <remarks>Porter, "An algorithm for suffix stripping", 1980; nltk 3.8's NLTK_EXTENSIONS.</remarks>
public static class PorterStemmer
{
    private static readonly FrozenDictionary<string, string> Irregular = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["sky"] = "sky",
        ["skies"] = "sky",
        ["dying"] = "die",
        ["lying"] = "lie",
        ["tying"] = "tie",
        ["news"] = "news",
        ["innings"] = "inning",
        ["inning"] = "inning",
        ["outings"] = "outing",
        ["outing"] = "outing",
        ["cannings"] = "canning",
        ["canning"] = "canning",
        ["howe"] = "howe",
        ["proceed"] = "proceed",
        ["exceed"] = "exceed",
        ["succeed"] = "succeed",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // In each table the first ending that a word has decides.
    private static readonly (string Ending, string Replacement)[] Second =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"),
        ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
        ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"), ("fulli", "ful"),
    ];

    private static readonly (string Ending, string Replacement)[] Third =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    private static readonly string[] Fourth =
    [
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive",
        "ize",
    ];

    /// <summary>The stem of a word.</summary>
    /// <param name="word">A word in lower case.</param>
    public static string Stem(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (Irregular.TryGetValue(word, out string? stem)) return stem;
        return word.Length <= 2 ? word : Shorten(RemoveSuffix(RemoveThird(ReplaceSecond(ReplaceY(RemovePast(RemovePlural(word)))))));
    }

    private static string RemovePlural(string word) =>
        word.EndsWith("ies", StringComparison.Ordinal) ? word.Length == 4 ? word[..^1] : word[..^2]
        : word.EndsWith("sses", StringComparison.Ordinal) ? word[..^2]
        : word.EndsWith("ss", StringComparison.Ordinal) ? word
        : word.EndsWith('s') ? word[..^1] : word;

    private static string RemovePast(string word)
    {
        if (word.EndsWith("ied", StringComparison.Ordinal)) return word.Length == 4 ? word[..^1] : word[..^2];
        if (word.EndsWith("eed", StringComparison.Ordinal)) return Measure(word.AsSpan(0, word.Length - 3)) > 0 ? word[..^1] : word;
        string stem = word.EndsWith("ed", StringComparison.Ordinal) && HasVowel(word.AsSpan(0, word.Length - 2)) ? word[..^2]
            : word.EndsWith("ing", StringComparison.Ordinal) && HasVowel(word.AsSpan(0, word.Length - 3)) ? word[..^3] : "";
        if (stem.Length == 0) return word;
        if (stem.EndsWith("at", StringComparison.Ordinal) || stem.EndsWith("bl", StringComparison.Ordinal)
            || stem.EndsWith("iz", StringComparison.Ordinal))
        {
            return stem + "e";
        }

        if (EndsInDoubleConsonant(stem)) return stem[^1] is 'l' or 's' or 'z' ? stem : stem[..^1];
        return Measure(stem) == 1 && EndsInShortSyllable(stem) ? stem + "e" : stem;
    }

    private static string ReplaceY(string word) =>
        word.Length > 2 && word[^1] == 'y' && IsConsonant(word, word.Length - 2) ? word[..^1] + "i" : word;

    private static string ReplaceSecond(string word)
    {
        // "alli" comes first, and its result once more: "-fully" is "-ful" then.
        while (word.EndsWith("alli", StringComparison.Ordinal) && Measure(word.AsSpan(0, word.Length - 4)) > 0) word = word[..^2];
        string replaced = Replace(word, Second, out bool found);
        if (found || !word.EndsWith("logi", StringComparison.Ordinal)) return replaced;
        // The "l" counts as part of the stem.
        return Measure(word.AsSpan(0, word.Length - 3)) > 0 ? word[..^1] : word;
    }

    private static string RemoveThird(string word) => Replace(word, Third, out _);

    private static string RemoveSuffix(string word)
    {
        foreach (string ending in Fourth)
        {
            if (!word.EndsWith(ending, StringComparison.Ordinal)) continue;
            string stem = word[..^ending.Length];
            return Measure(stem) > 1 && (ending != "ion" || stem[^1] is 's' or 't') ? stem : word;
        }

        return word;
    }

    private static string Shorten(string word)
    {
        if (word.EndsWith('e'))
        {
            ReadOnlySpan<char> stem = word.AsSpan(0, word.Length - 1);
            int measure = Measure(stem);
            if (measure > 1 || (measure == 1 && !EndsInShortSyllable(stem))) word = word[..^1];
        }

        return word.EndsWith("ll", StringComparison.Ordinal) && Measure(word.AsSpan(0, word.Length - 1)) > 1 ? word[..^1] : word;
    }

    private static string Replace(string word, (string Ending, string Replacement)[] table, out bool found)
    {
        foreach ((string ending, string replacement) in table)
        {
            if (!word.EndsWith(ending, StringComparison.Ordinal)) continue;
            found = true;
            string stem = word[..^ending.Length];
            return Measure(stem) > 0 ? stem + replacement : word;
        }

        found = false;
        return word;
    }

    // How often a consonant follows a vowel.
    private static int Measure(ReadOnlySpan<char> stem)
    {
        int measure = 0;
        bool consonant = true;
        for (int i = 0; i < stem.Length; i++)
        {
            bool before = consonant;
            consonant = IsConsonant(stem[i], i == 0 || !before);
            if (consonant && !before) measure++;
        }

        return measure;
    }

    private static bool HasVowel(ReadOnlySpan<char> stem)
    {
        for (int i = 0; i < stem.Length; i++)
        {
            if (!IsConsonant(stem, i)) return true;
        }

        return false;
    }

    private static bool EndsInDoubleConsonant(ReadOnlySpan<char> word) =>
        word.Length >= 2 && word[^1] == word[^2] && IsConsonant(word, word.Length - 1);

    // Consonant, vowel, and a consonant that is not w, x or y; or a vowel and a consonant that are the whole word.
    private static bool EndsInShortSyllable(ReadOnlySpan<char> word) =>
        word.Length >= 3
            ? IsConsonant(word, word.Length - 3) && !IsConsonant(word, word.Length - 2) && IsConsonant(word, word.Length - 1)
                && word[^1] is not ('w' or 'x' or 'y')
            : word.Length == 2 && !IsConsonant(word, 0) && IsConsonant(word, 1);

    // A "y" is a consonant at the beginning and behind a vowel: of several in a row, every other one.
    private static bool IsConsonant(ReadOnlySpan<char> word, int place)
    {
        int start = place;
        while (start > 0 && word[start] == 'y') start--;
        bool consonant = IsConsonant(word[start], vowelBefore: start == 0);
        return (place - start) % 2 == 0 ? consonant : !consonant;
    }

    private static bool IsConsonant(char letter, bool vowelBefore) =>
        letter == 'y' ? vowelBefore : letter is not ('a' or 'e' or 'i' or 'o' or 'u');
}
