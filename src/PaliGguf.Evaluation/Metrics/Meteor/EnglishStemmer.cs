namespace PaliGguf.Evaluation.Metrics.Meteor;

/// <summary>
/// Porter's second stemmer of English, as METEOR 1.5 has it: M. F. Porter, "The English (Porter2) stemming algorithm", 2002
/// (snowballstem.org). The first one is <see cref="Tokenization.PorterStemmer"/>.
/// </summary>
internal static class EnglishStemmer
{
    private static readonly Dictionary<string, string> Whole = new(StringComparer.Ordinal)
    {
        ["skis"] = "ski",
        ["skies"] = "sky",
        ["dying"] = "die",
        ["lying"] = "lie",
        ["tying"] = "tie",
        ["idly"] = "idl",
        ["gently"] = "gentl",
        ["ugly"] = "ugli",
        ["early"] = "earli",
        ["only"] = "onli",
        ["singly"] = "singl",
        ["sky"] = "sky",
        ["news"] = "news",
        ["howe"] = "howe",
        ["atlas"] = "atlas",
        ["cosmos"] = "cosmos",
        ["bias"] = "bias",
        ["andes"] = "andes",
    };

    private static readonly HashSet<string> AfterPlural =
        ["inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed"];

    private static readonly string[] LongBeginnings = ["gener", "commun", "arsen"];

    // The longest ending first, of those that end alike.
    private static readonly (string Ending, string Other)[] Second =
    [
        ("ational", "ate"), ("ization", "ize"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "ive"), ("tional", "tion"),
        ("biliti", "ble"), ("lessli", "less"), ("entli", "ent"), ("ation", "ate"), ("alism", "al"), ("aliti", "al"), ("ousli", "ous"),
        ("iviti", "ive"), ("fulli", "ful"), ("enci", "ence"), ("anci", "ance"), ("abli", "able"), ("izer", "ize"), ("ator", "ate"),
        ("alli", "al"), ("bli", "ble"), ("ogi", "og"), ("li", ""),
    ];

    private static readonly (string Ending, string Other)[] Third =
    [
        ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"), ("ative", ""), ("ical", "ic"),
        ("ness", ""), ("ful", ""),
    ];

    private static readonly (string Ending, string Other)[] Fourth =
    [
        ("ement", ""), ("ance", ""), ("ence", ""), ("able", ""), ("ible", ""), ("ment", ""), ("ant", ""), ("ent", ""), ("ism", ""),
        ("ate", ""), ("iti", ""), ("ous", ""), ("ive", ""), ("ize", ""), ("ion", ""), ("al", ""), ("er", ""), ("ic", ""),
    ];

    /// <summary>The stem of a word in lower case.</summary>
    public static string Stem(string word)
    {
        if (word.Length <= 2) return word;
        if (Whole.TryGetValue(word, out string? known)) return known;
        word = MarkConsonants(word.StartsWith('\'') ? word[1..] : word);
        int first = AfterFirst(word);
        int second = After(word, first);
        word = WithoutPlural(WithoutPossessive(word));
        if (AfterPlural.Contains(word)) return word;
        word = WithoutPast(word, first);
        if (word.Length > 2 && word[^1] is 'y' or 'Y' && !IsVowel(word[^2])) word = word[..^1] + "i";
        word = Replace(word, Second, first, (ending, stem) => ending switch
        {
            "ogi" => stem.EndsWith('l'),
            "li" => stem.Length > 0 && stem[^1] is 'c' or 'd' or 'e' or 'g' or 'h' or 'k' or 'm' or 'n' or 'r' or 't',
            _ => true,
        });
        word = Replace(word, Third, first, (ending, stem) => ending != "ative" || stem.Length >= second);
        word = Replace(word, Fourth, second, (ending, stem) => ending != "ion" || stem.EndsWith('s') || stem.EndsWith('t'));
        return WithoutLast(word, first, second).Replace('Y', 'y');
    }

    /// <summary>A y at the beginning or behind a vowel is a consonant, written Y.</summary>
    private static string MarkConsonants(string word)
    {
        char[] letters = word.ToCharArray();
        for (int i = 0; i < letters.Length; i++)
        {
            if (letters[i] == 'y' && (i == 0 || IsVowel(letters[i - 1]))) letters[i] = 'Y';
        }

        return new string(letters);
    }

    private static int AfterFirst(string word) =>
        LongBeginnings.FirstOrDefault(beginning => word.StartsWith(beginning, StringComparison.Ordinal))?.Length ?? After(word, 0);

    /// <summary>Where the region behind the first consonant that follows a vowel begins, from a place on.</summary>
    private static int After(string word, int start)
    {
        for (int i = start + 1; i < word.Length; i++)
        {
            if (!IsVowel(word[i]) && IsVowel(word[i - 1])) return i + 1;
        }

        return word.Length;
    }

    private static string WithoutPossessive(string word) =>
        word.EndsWith("'s'", StringComparison.Ordinal) ? word[..^3]
        : word.EndsWith("'s", StringComparison.Ordinal) ? word[..^2]
        : word.EndsWith('\'') ? word[..^1]
        : word;

    private static string WithoutPlural(string word)
    {
        if (word.EndsWith("sses", StringComparison.Ordinal)) return word[..^2];
        if (word.EndsWith("ied", StringComparison.Ordinal) || word.EndsWith("ies", StringComparison.Ordinal))
        {
            return word.Length > 4 ? word[..^2] : word[..^1];
        }

        bool isPlural = word.EndsWith('s') && !word.EndsWith("us", StringComparison.Ordinal) && !word.EndsWith("ss", StringComparison.Ordinal);
        return isPlural && word.Length > 2 && HasVowel(word[..^2]) ? word[..^1] : word;
    }

    private static string WithoutPast(string word, int first)
    {
        string? ending = new[] { "eedly", "ingly", "edly", "eed", "ing", "ed" }
            .FirstOrDefault(each => word.EndsWith(each, StringComparison.Ordinal));
        if (ending is null) return word;
        string stem = word[..^ending.Length];
        if (ending is "eed" or "eedly") return stem.Length >= first ? stem + "ee" : word;
        if (!HasVowel(stem)) return word;
        if (stem.EndsWith("at", StringComparison.Ordinal) || stem.EndsWith("bl", StringComparison.Ordinal)
            || stem.EndsWith("iz", StringComparison.Ordinal))
        {
            return stem + "e";
        }

        bool isDouble = stem.Length > 1 && stem[^1] == stem[^2] && stem[^1] is 'b' or 'd' or 'f' or 'g' or 'm' or 'n' or 'p' or 'r' or 't';
        if (isDouble) return stem[..^1];
        return stem.Length <= first && EndsShort(stem) ? stem + "e" : stem;
    }

    private static string WithoutLast(string word, int first, int second)
    {
        if (word.EndsWith('e'))
        {
            string stem = word[..^1];
            return stem.Length >= second || (stem.Length >= first && !EndsShort(stem)) ? stem : word;
        }

        return word.EndsWith("ll", StringComparison.Ordinal) && word.Length - 1 >= second ? word[..^1] : word;
    }

    private static string Replace(string word, (string Ending, string Other)[] endings, int region, Func<string, string, bool> may)
    {
        foreach ((string ending, string other) in endings)
        {
            if (!word.EndsWith(ending, StringComparison.Ordinal)) continue;
            string stem = word[..^ending.Length];
            return stem.Length >= region && may(ending, stem) ? stem + other : word;
        }

        return word;
    }

    private static bool EndsShort(string word) => word.Length switch
    {
        < 2 => false,
        2 => IsVowel(word[0]) && !IsVowel(word[1]),
        _ => !IsVowel(word[^3]) && IsVowel(word[^2]) && !IsVowel(word[^1]) && word[^1] is not ('w' or 'x' or 'Y'),
    };

    private static bool HasVowel(string word) => word.Any(IsVowel);

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';
}
