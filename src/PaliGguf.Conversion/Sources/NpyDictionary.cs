namespace PaliGguf.Conversion.Sources;

/// <summary>A reader for the few Python literals in the head of a .npy file.</summary>
/// <param name="text">The dictionary.</param>
internal ref struct NpyDictionary(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text.TrimEnd();

    public bool TryTake(char symbol)
    {
        _rest = _rest.TrimStart();
        if (_rest.IsEmpty || _rest[0] != symbol) return false;
        _rest = _rest[1..];
        return true;
    }

    public void Expect(char symbol)
    {
        if (!TryTake(symbol)) throw new FormatException($"its head has {Found()} where '{symbol}' is expected");
    }

    public readonly void ExpectEnd()
    {
        if (!_rest.IsEmpty) throw new FormatException($"its head has {Found()} after its end");
    }

    /// <summary>A text in single or double quotes, without escapes.</summary>
    public string TakeText()
    {
        char quote = TryTake('\'') ? '\'' : '"';
        if (quote == '"') Expect('"');
        int end = _rest.IndexOf(quote);
        if (end < 0) throw new FormatException("its head has a text without an end");
        string taken = _rest[..end].ToString();
        _rest = _rest[(end + 1)..];
        return taken;
    }

    public bool TakeTruth()
    {
        if (TryTakeWord("False")) return false;
        if (TryTakeWord("True")) return true;
        throw new FormatException($"its head has {Found()} where True or False is expected");
    }

    /// <summary>A tuple of whole numbers: "()", "(3,)", "(3, 4)".</summary>
    public List<long> TakeNumbers(int most)
    {
        List<long> numbers = [];
        Expect('(');
        while (!TryTake(')'))
        {
            _rest = _rest.TrimStart();
            int length = _rest.IndexOfAnyExceptInRange('0', '9');
            if (length <= 0 || !long.TryParse(_rest[..length], out long number)) throw new FormatException($"its head has {Found()} where a size is expected");
            if (numbers.Count == most) throw new FormatException($"it has more than {most} dimensions");
            numbers.Add(number);
            _rest = _rest[length..];
            if (TryTake(',')) continue;
            Expect(')');
            break;
        }

        return numbers;
    }

    private bool TryTakeWord(string word)
    {
        _rest = _rest.TrimStart();
        if (!_rest.StartsWith(word)) return false;
        _rest = _rest[word.Length..];
        return true;
    }

    private readonly string Found() => _rest.IsEmpty ? "nothing" : $"'{OneLine.Show(_rest[..Math.Min(_rest.Length, 20)].ToString())}'";
}
