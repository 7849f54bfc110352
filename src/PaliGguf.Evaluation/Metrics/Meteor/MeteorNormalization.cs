namespace PaliGguf.Evaluation.Metrics.Meteor;

/// <summary>
/// The words of a text as METEOR 1.5 finds them in English (its option <c>-norm</c>), in lower case. Only Latin and Cyrillic letters make
/// words: of other scripts each character is one. A single pass over the characters, each of which goes on with a word, begins one, stands
/// alone, or is dropped.
/// </summary>
internal static class MeteorNormalization
{
    private enum Role
    {
        Continues,
        Begins,
        Alone,
        Dropped,
    }

    /// <summary>The words of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="resources">With the abbreviations that keep their full stop.</param>
    public static IReadOnlyList<string> Words(string text, MeteorResources resources)
    {
        List<string> parts = Parts(text.Replace('`', '\'').Replace('‘', '\'').Replace('’', '\'')
            .Replace("''", "\"", StringComparison.Ordinal).Replace("--", "-", StringComparison.Ordinal));
        return [.. parts.SelectMany((part, i) => SplitStop(part, i + 1 < parts.Count ? parts[i + 1] : "", resources))
            .Select(word => word.ToLowerInvariant())];
    }

    private static List<string> Parts(string line)
    {
        List<string> parts = [];
        int begin = 0;
        int joined = -1;
        for (int i = 0, length; i < line.Length; i += length)
        {
            (Role role, length) = Look(line, i, joined);
            if (role == Role.Continues) continue;
            if (i > begin) parts.Add(line[begin..i]);
            begin = role == Role.Begins ? i : i + length;
            if (role == Role.Alone) parts.Add(Alone(line.Substring(i, length)));
            if (role == Role.Dropped && line[i] == '-') joined = i + 1;
        }

        if (begin < line.Length) parts.Add(line[begin..]);
        return parts;
    }

    // What a character, or a run of full stops, does where it stands. The letter behind a hyphen that was dropped has no part in the next.
    private static (Role Role, int Length) Look(string line, int i, int joined)
    {
        char before = At(line, i - 1);
        char after = At(line, i + 1);
        switch (line[i])
        {
            case var c when IsWordCharacter(c):
                return (Role.Continues, 1);
            case var c when char.IsWhiteSpace(c):
                return (Role.Dropped, 1);
            case '.':
                int stops = line.AsSpan(i).IndexOfAnyExcept('.') is >= 0 and var end ? end : line.Length - i;
                return (stops > 1 ? Role.Alone : Role.Continues, stops);
            case ',':
                return (char.IsAsciiDigit(before) && char.IsAsciiDigit(after) ? Role.Continues : Role.Alone, 1);
            case '-':
                bool joins = IsWordCharacter(before) || (before == '.' && At(line, i - 2) != '.');
                return (joins && IsWordCharacter(after) && i - 1 != joined ? Role.Dropped : Role.Continues, 1);
            case '\'':
                return (Apostrophe(before, after), 1);
            default:
                return (Role.Alone, char.IsHighSurrogate(line[i]) && char.IsLowSurrogate(after) ? 2 : 1);
        }
    }

    // It belongs to what follows in "dog's" and "1990's", to both sides in "5'x".
    private static Role Apostrophe(char before, char after)
    {
        if (!IsLetter(after)) return Role.Alone;
        if (IsLetter(before)) return Role.Begins;
        if (!char.IsAsciiDigit(before)) return Role.Alone;
        return after == 's' ? Role.Begins : Role.Continues;
    }

    private static string Alone(string part) => part switch
    {
        "“" or "”" => "\"",
        "–" => "-",
        _ => part,
    };

    // A full stop at the end of a sentence is a word of its own.
    private static string[] SplitStop(string part, string next, MeteorResources resources)
    {
        if (part.Length < 2 || !part.EndsWith('.') || part.AsSpan().IndexOfAnyExcept('.') < 0) return [part];
        string stem = part[..^1];
        if (stem.Contains('.', StringComparison.Ordinal) && stem.Any(IsLetter)) return [part.Replace(".", "", StringComparison.Ordinal)];
        char first = At(next, 0);
        bool goesOn = char.IsAsciiLetterLower(first) || resources.IsAbbreviation(stem) switch
        {
            true => true,
            false => char.IsAsciiDigit(first),
            null => false,
        };
        return goesOn ? [part] : [stem, "."];
    }

    private static char At(string line, int i) => i >= 0 && i < line.Length ? line[i] : ' ';

    private static bool IsWordCharacter(char c) => char.IsAsciiDigit(c) || IsLetter(c);

    // Latin with its accents, Cyrillic and its supplements, phonetic extensions.
    private static bool IsLetter(char c) => char.IsAsciiLetter(c)
        || c is (>= 'À' and <= 'ž' and not ('×' or '÷')) or (>= '\u0400' and <= '\u0527')
            or (>= '\uA640' and <= '\uA66E') or (>= '\uA67E' and <= '\uA697') or (>= '\u1D00' and <= '\u1D7F');
}
