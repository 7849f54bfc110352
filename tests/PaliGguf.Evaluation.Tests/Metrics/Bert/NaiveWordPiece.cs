using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PaliGguf.Evaluation.Tests.Metrics.Bert;

/// <summary>Cased BERT's tokenizer, a step after the other as its description tells them, each over the whole text.</summary>
internal static partial class NaiveWordPiece
{
    public static int[] Encode(string[] vocabulary, string text)
    {
        List<int> tokens = [Id("[CLS]")];
        foreach (string part in Special().Split(text))
        {
            if (Special().IsMatch(part) && vocabulary.Contains(part)) tokens.Add(Id(part));
            else foreach (string word in Words(part)) tokens.AddRange(Pieces(word));
        }

        return [.. tokens, Id("[SEP]")];

        int Id(string token) => Array.LastIndexOf(vocabulary, token);

        IEnumerable<int> Pieces(string word)
        {
            Rune[] runes = [.. word.EnumerateRunes()];
            if (runes.Length > 100) return [Id("[UNK]")];
            List<int> pieces = [];
            for (int start = 0; start < runes.Length;)
            {
                int end = runes.Length;
                while (end > start && Id(Piece(start, end)) < 0) end--;
                if (end == start) return [Id("[UNK]")];
                pieces.Add(Id(Piece(start, end)));
                start = end;
            }

            return pieces;

            string Piece(int start, int end) => (start > 0 ? "##" : "") + string.Concat(runes[start..end]);
        }
    }

    private static string[] Words(string text)
    {
        string clean = string.Concat(text.EnumerateRunes().Select(rune =>
            rune.Value is '\t' or '\n' or '\r' ? " "
            : rune.Value is 0 or 0xFFFD || Category(rune)[0] == 'C' ? ""
            : Category(rune) == "Zs" ? " "
            : Chinese().IsMatch(rune.ToString()) || (rune.Value is >= 0x20000 and <= 0x2A6DF) ? $" {rune} "
            : rune.ToString()));
        string apart = string.Concat(clean.EnumerateRunes().Select(rune =>
            Category(rune)[0] == 'P' || (rune.Value < 127 && rune.Value > 32 && !char.IsAsciiLetterOrDigit((char)rune.Value))
                ? $" {rune} " : rune.ToString()));
        return apart.Split([' ', '\u2028', '\u2029'], StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Category(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned => "C?",
        UnicodeCategory.SpaceSeparator => "Zs",
        var category when category.ToString().EndsWith("Punctuation", StringComparison.Ordinal)
            || category is UnicodeCategory.InitialQuotePunctuation => "P?",
        _ => "??",
    };

    [GeneratedRegex(@"(?<token>\[(UNK|CLS|SEP|PAD|MASK)\])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Special();

    [GeneratedRegex(@"[\u4E00-\u9FFF\u3400-\u4DBF\uF900-\uFAFF]", RegexOptions.CultureInvariant)]
    private static partial Regex Chinese();
}
