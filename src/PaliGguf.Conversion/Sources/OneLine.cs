using System.Text;

namespace PaliGguf.Conversion.Sources;

/// <summary>Text from a file, made fit for a message of one line.</summary>
internal static class OneLine
{
    private const int Longest = 120;

    public static string Show(string text)
    {
        StringBuilder shown = new();
        foreach (char c in text.Length > Longest ? text.AsSpan(0, Longest) : text)
        {
            shown.Append(char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? '?' : c);
        }

        return text.Length > Longest ? shown.Append("...").ToString() : shown.ToString();
    }

    public static string Show(IEnumerable<long> shape) => "[" + string.Join(", ", shape) + "]";
}
