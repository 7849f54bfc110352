using System.Globalization;
using System.Text;

namespace PaliGguf.Conversion.Adapters;

/// <summary>
/// Spells a regular expression of Python's <c>re</c> as one of .NET with the same meaning. Groups get their numbers by name, because .NET
/// counts named ones after the others; literals are spelled by their codes, because .NET has further meanings for some inside of classes.
/// Flags that only change what is beyond ASCII are dropped: names of modules are ASCII.
/// </summary>
internal sealed class PythonPattern
{
    private const int Nothing = -1;
    private const int Repeated = -2;
    private readonly string _pattern;
    private readonly StringBuilder _out = new();
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly Stack<(int Start, int Number, bool Verbose)> _open = new();
    private int _at;
    private int _groups;
    private bool _verbose;

    // Where the last item begins in the result, which a quantifier is for.
    private int _item = Nothing;

    private PythonPattern(string pattern) => _pattern = pattern;

    /// <summary>Translates a pattern.</summary>
    /// <exception cref="FormatException">It is not one that Python compiles, or of a kind that is not known; the message tells.</exception>
    public static string Translate(string pattern)
    {
        PythonPattern translation = new(pattern);
        while (translation._at < pattern.Length) translation.Next();
        if (translation._open.Count > 0) throw new FormatException("a parenthesis is not closed");
        return translation._out.ToString();
    }

    private void Next()
    {
        char c = _pattern[_at++];
        switch (c)
        {
            case '\\': Escape(); break;
            case '[': Class(); break;
            case '(': Open(); break;
            case ')': Close(); break;
            case '|': _out.Append('|'); _item = Nothing; break;
            case '^' or '$': _out.Append(c); _item = Nothing; break;
            case '.': Item("."); break;
            case '*' or '+' or '?': Repeat(c.ToString()); break;
            case '{' when Braces() is { } quantifier: Repeat(quantifier); break;
            case '#' when _verbose:
                while (_at < _pattern.Length && _pattern[_at++] != '\n') { }
                break;
            case ' ' or '\t' or '\n' or '\r' or '\f' or '\v' when _verbose: break;
            default: Item(Literal(c)); break;
        }
    }

    private void Item(string text)
    {
        _item = _out.Length;
        _out.Append(text);
    }

    private static string Literal(int code) => code <= char.MaxValue
        ? char.IsAsciiLetterOrDigit((char)code) ? ((char)code).ToString() : $"\\u{code:X4}"
        : throw new FormatException("it holds a character beyond 16 bits");

    // The text between braces if it is a quantifier; elsewhere Python takes the brace as it stands.
    private string? Braces()
    {
        int end = _pattern.IndexOf('}', _at);
        if (end <= _at) return null;
        string[] bounds = _pattern[_at..end].Split(',');
        if (bounds.Length > 2 || bounds.Any(bound => bound.Any(digit => !char.IsAsciiDigit(digit)))) return null;
        if (bounds is [""]) return null;
        _at = end + 1;
        int least = bounds[0].Length == 0 ? 0 : Bound(bounds[0]);
        if (bounds.Length == 1) return $"{{{least}}}";
        if (bounds[1].Length == 0) return $"{{{least},}}";
        int most = Bound(bounds[1]);
        return most >= least ? $"{{{least},{most}}}" : throw new FormatException("a repetition has more at least than at most");

        static int Bound(string digits) =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int bound)
                ? bound : throw new FormatException("a repetition is too long");
    }

    private void Repeat(string quantifier)
    {
        if (_item == Nothing) throw new FormatException("a repetition has nothing to repeat");
        if (_item == Repeated) throw new FormatException("a repetition is repeated");
        char suffix = _at < _pattern.Length ? _pattern[_at] : '\0';
        if (suffix is '?' or '+') _at++;
        if (suffix == '+') _out.Insert(_item, "(?>");
        _out.Append(quantifier).Append(suffix switch { '?' => "?", '+' => ")", _ => "" });
        _item = Repeated;
    }

    private void Open()
    {
        if (!Accept('?'))
        {
            Push("(?<" + ++_groups + ">", _groups);
            return;
        }

        if (Accept('P')) Named();
        else if (Accept('#')) Until(')');
        else if (Accept(':')) Push("(?:");
        else if (Accept('>')) Push("(?>");
        else if (Accept('=')) Push("(?=");
        else if (Accept('!')) Push("(?!");
        else if (Accept('<')) Push(Accept('=') ? "(?<=" : Accept('!') ? "(?<!" : throw Unknown());
        else if (Accept('(')) Push("(?(" + Group(Until(')'), mayBeOpen: true) + ")");
        else Flags();
    }

    private void Named()
    {
        if (Accept('='))
        {
            Item("\\k<" + Group(Until(')')) + ">");
            return;
        }

        if (!Accept('<')) throw Unknown();
        string name = Until('>');
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || name.Any(c => !char.IsLetterOrDigit(c) && c != '_'))
            throw new FormatException("a group has a name that is none");
        if (!_names.TryAdd(name, ++_groups)) throw new FormatException("two groups have one name");
        Push("(?<" + _groups + ">", _groups);
    }

    private void Flags()
    {
        string flags = "";
        while (_at < _pattern.Length && (char.IsAsciiLetter(_pattern[_at]) || _pattern[_at] == '-')) flags += _pattern[_at++];
        if (flags.Length == 0 || flags.Trim('-').Length == 0 || flags.Any(flag => !"aimsux-".Contains(flag, StringComparison.Ordinal))
            || flags.Count(flag => flag == '-') > 1)
        {
            throw Unknown();
        }

        if (!Accept(':')) throw new FormatException("flags for the whole are not at its beginning");
        string[] parts = flags.Split('-');
        string on = Kept(parts[0]);
        string off = parts.Length > 1 ? Kept(parts[1]) : "";
        Push("(?" + on + (off.Length > 0 ? "-" + off : "") + ":");
        _verbose = (_verbose || parts[0].Contains('x', StringComparison.Ordinal))
            && !(parts.Length > 1 && parts[1].Contains('x', StringComparison.Ordinal));

        static string Kept(string flags) => string.Concat(flags.Where(flag => flag is 'i' or 'm' or 's'));
    }

    private void Push(string opening, int number = 0)
    {
        _open.Push((_out.Length, number, _verbose));
        _out.Append(opening);
        _item = Nothing;
    }

    private void Close()
    {
        if (!_open.TryPop(out (int Start, int Number, bool Verbose) group)) throw new FormatException("a parenthesis is not opened");
        _out.Append(')');
        (_item, _verbose) = (group.Start, group.Verbose);
    }

    private int Group(string reference, bool mayBeOpen = false)
    {
        int number = int.TryParse(reference, NumberStyles.None, CultureInfo.InvariantCulture, out int given)
            ? given : _names.GetValueOrDefault(reference);
        if (number < 1 || number > _groups) throw new FormatException("it refers to a group that it does not have");
        if (!mayBeOpen && _open.Any(group => group.Number == number)) throw new FormatException("it refers to a group that is still open");
        return number;
    }

    private void Escape()
    {
        char c = Take();
        switch (c)
        {
            case 'A' or 'b' or 'B': _out.Append('\\').Append(c); _item = Nothing; break;
            case 'Z' or 'z': _out.Append("\\z"); _item = Nothing; break;
            case 'd' or 'D' or 's' or 'S' or 'w' or 'W': Item("\\" + c); break;
            case >= '1' and <= '9': Reference(c); break;
            default: Item(Literal(Code(c))); break;
        }
    }

    private void Reference(char first)
    {
        string digits = first.ToString();
        if (_at < _pattern.Length && char.IsAsciiDigit(_pattern[_at])) digits += _pattern[_at++];
        if (digits.Length == 2 && _at < _pattern.Length && (digits + _pattern[_at]).All(digit => digit is >= '0' and <= '7'))
        {
            Item(Literal(Convert.ToInt32(digits + _pattern[_at++], 8)));
            return;
        }

        Item("\\k<" + Group(digits) + ">");
    }

    private void Class()
    {
        StringBuilder set = new("[");
        if (Accept('^')) set.Append('^');
        bool first = true;
        while (first || _at >= _pattern.Length || _pattern[_at] != ']')
        {
            first = false;
            (string text, int low) = Member();
            bool isRange = _at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']';
            set.Append(text);
            if (!isRange) continue;
            _at++;
            (string end, int high) = Member();
            if (low < 0 || high < low) throw new FormatException("a class has a range that is none");
            set.Append('-').Append(end);
        }

        _at++;
        Item(set.Append(']').ToString());
    }

    private (string Text, int Code) Member()
    {
        char c = Take();
        if (c != '\\') return ($"\\u{(int)c:X4}", c);
        c = Take();
        if (c is 'd' or 'D' or 's' or 'S' or 'w' or 'W') return ("\\" + c, Nothing);
        int code = c switch
        {
            'b' => '\b',
            >= '1' and <= '7' => Octal(c),
            _ => Code(c),
        };
        return (code <= char.MaxValue ? $"\\u{code:X4}" : throw new FormatException("it holds a character beyond 16 bits"), code);
    }

    private int Code(char c) => c switch
    {
        'a' => '\a',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\v',
        'x' => Hexadecimal(2),
        'u' => Hexadecimal(4),
        'U' => Hexadecimal(8),
        '0' => Octal(c),
        _ when char.IsAsciiLetterOrDigit(c) => throw new FormatException($"\\{c} means nothing"),
        _ => c,
    };

    private int Octal(char first)
    {
        string digits = first.ToString();
        while (digits.Length < 3 && _at < _pattern.Length && _pattern[_at] is >= '0' and <= '7') digits += _pattern[_at++];
        return Convert.ToInt32(digits, 8);
    }

    private int Hexadecimal(int length)
    {
        if (_at + length > _pattern.Length || !int.TryParse(_pattern.AsSpan(_at, length), NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture, out int code) || code < 0)
        {
            throw new FormatException("a character's code is incomplete");
        }

        _at += length;
        return code;
    }

    private bool Accept(char c)
    {
        if (_at >= _pattern.Length || _pattern[_at] != c) return false;
        _at++;
        return true;
    }

    private char Take() => _at < _pattern.Length ? _pattern[_at++] : throw new FormatException("it ends in the middle");

    private string Until(char end)
    {
        int at = _pattern.IndexOf(end, _at);
        if (at < 0) throw new FormatException("it ends in the middle");
        string text = _pattern[_at..at];
        _at = at + 1;
        return text;
    }

    private static FormatException Unknown() => new("it has a kind of group that Python does not know");
}
