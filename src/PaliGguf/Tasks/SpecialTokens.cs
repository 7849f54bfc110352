using PaliGguf.Tasks.Masks;

namespace PaliGguf.Tasks;

/// <summary>The texts of location and segmentation tokens: "&lt;loc0000&gt;" to "&lt;loc1023&gt;", "&lt;seg000&gt;" to "&lt;seg127&gt;".</summary>
internal static class SpecialTokens
{
    public static bool TryReadLocation(string text, ref int position, int end, out int location) =>
        TryRead(text, ref position, end, "<loc", 4, NormalizedBox.LastBin, out location);

    public static bool TryReadCodeword(string text, ref int position, int end, out int codeword) =>
        TryRead(text, ref position, end, "<seg", 3, MaskDecoder.CodebookLength - 1, out codeword);

    public static void SkipWhiteSpace(string text, ref int position, int end)
    {
        while (position < end && char.IsWhiteSpace(text[position])) position++;
    }

    private static bool TryRead(string text, ref int position, int end, string start, int digits, int largest, out int number)
    {
        number = 0;
        int length = start.Length + digits + 1;
        if (length > end - position) return false;
        ReadOnlySpan<char> token = text.AsSpan(position, length);
        if (!token.StartsWith(start) || token[^1] != '>') return false;
        foreach (char digit in token[start.Length..^1])
        {
            if (!char.IsAsciiDigit(digit)) return false;
            number = (number * 10) + (digit - '0');
        }

        if (number > largest) return false;
        position += length;
        return true;
    }
}
