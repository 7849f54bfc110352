using System.Text.RegularExpressions;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Captions;

/// <summary>One pass over a caption.</summary>
/// <param name="text">The caption.</param>
/// <param name="following">The caption behind it: whether a full stop ends a sentence is seen from what follows.</param>
/// <param name="tokens">Receives the tokens.</param>
internal ref struct CaptionLexer(string text, string following, List<string> tokens)
{
    private int _position;

    public void Read()
    {
        while (_position < text.Length)
        {
            if (ReadSpace() || ReadPlainWord() || ReadEntity() || ReadPattern()) continue;
            if (CaptionSpelling.Character(text, _position) is { } character) tokens.Add(character);
            _position++;
        }
    }

    private bool ReadSpace()
    {
        if (text[_position] != ' ') return false;
        _position++;
        return true;
    }

    // Most tokens: letters of ASCII between spaces, and the full stop at the end.
    private bool ReadPlainWord()
    {
        int end = _position;
        while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
        bool lastStop = end == text.Length - 1 && text[end] == '.';
        if (end == _position) return lastStop && Add(end + 1);
        bool plain = end == text.Length || text[end] == ' ' || lastStop;
        if (!plain || CaptionPatterns.MayContract(text.AsSpan(_position..end))) return false;
        return lastStop ? AddWord(end) : Add(end);
    }

    // As the character itself.
    private bool ReadEntity()
    {
        if (text[_position] != '&') return false;
        ReadOnlySpan<char> rest = text.AsSpan(_position);
        (int length, string? token) =
            rest.StartsWith("&amp;", StringComparison.OrdinalIgnoreCase) ? (5, "&")
            : rest.StartsWith("&lt;", StringComparison.OrdinalIgnoreCase) ? (4, "<")
            : rest.StartsWith("&gt;", StringComparison.OrdinalIgnoreCase) ? (4, ">")
            : rest.StartsWith("&quot;", StringComparison.OrdinalIgnoreCase) ? (6, CaptionSpelling.DoubleQuote(text, _position + 6))
            : rest.StartsWith("&apos;", StringComparison.OrdinalIgnoreCase) ? (6, "'")
            : rest.StartsWith("&nbsp;", StringComparison.OrdinalIgnoreCase) ? (6, null)
            : (0, (string?)null);
        if (token is not null) tokens.Add(token);
        _position += length;
        return length > 0;
    }

    private bool ReadPattern()
    {
        int length = 0;
        int reach = 0;
        CaptionPattern? best = null;
        foreach (CaptionPattern pattern in CaptionPatterns.All)
        {
            Match match = pattern.Shape.Match(text, _position);
            if (!match.Success || match.Length <= reach) continue;
            reach = match.Length;
            length = match.Groups[1].Length;
            best = pattern;
        }

        if (best is null) return false;
        int end = _position + length;
        switch (best.Kind)
        {
            case CaptionPatternKind.Contraction:
                return AddParts(end);
            case CaptionPatternKind.Acronym:
                bool endsSentence = CaptionAbbreviations.AcronymEndsSentence(text.AsSpan(_position..end), text.AsSpan(end), following);
                return Add(end, best.Spelling) && EndSentence(endsSentence);
            case CaptionPatternKind.Word when end < text.Length && text[end] == '.':
                return AddWord(end, best.Spelling);
            default:
                return Add(end, best.Spelling);
        }
    }

    // With the full stop behind it, where that belongs to it.
    private bool AddWord(int stop, Func<string, string>? spelling = null)
    {
        bool keeps = KeepsStop(stop, out bool endsSentence);
        return Add(keeps ? stop + 1 : stop, spelling) && EndSentence(keeps && endsSentence);
    }

    private readonly bool EndSentence(bool ends)
    {
        if (ends) tokens.Add(".");
        return true;
    }

    // "can not", "'t was"; "gon na", "lem me", "'t is".
    private bool AddParts(int end)
    {
        bool three = text[end - 1] is 't' or 'T' || text[end - 2] is 'a' or 'A';
        Add(end - (three ? 3 : 2));
        return Add(end);
    }

    // Before some punctuation a full stop belongs to any word.
    private readonly bool KeepsStop(int stop, out bool endsSentence)
    {
        endsSentence = false;
        return stop + 1 < text.Length && text[stop + 1] is ',' or ';' or ':'
            || CaptionAbbreviations.Keeps(text.AsSpan(_position..stop), text.AsSpan(stop + 1), following, out endsSentence);
    }

    private bool Add(int end, Func<string, string>? spelling = null)
    {
        string token = CaptionSpelling.Word(text[_position..end]);
        tokens.Add(PythonText.ToLower(spelling is null ? token : spelling(token)));
        _position = end;
        return true;
    }
}
