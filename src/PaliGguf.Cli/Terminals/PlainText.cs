using System.Text;

namespace PaliGguf.Cli.Terminals;

/// <summary>Text from files and models, made fit for a terminal: control characters could move the cursor, or more.</summary>
internal static class PlainText
{
    /// <summary>One line: line breaks and tabs become spaces, other control characters U+FFFD.</summary>
    public static string Line(string text)
    {
        StringBuilder line = new(text.Length);
        foreach (char character in text.Trim())
        {
            bool space = character is '\r' or '\n' or '\t' or '\u2028' or '\u2029';
            if (space && line.Length > 0 && line[^1] == ' ') continue;
            line.Append(space ? ' ' : char.IsControl(character) ? '\uFFFD' : character);
        }

        return line.ToString();
    }

    /// <summary>Several lines: line feeds and tabs stay, other control characters become U+FFFD.</summary>
    public static string Lines(string text) =>
        text.Any(IsUnfit) ? string.Concat(text.Select(character => IsUnfit(character) ? '\uFFFD' : character)) : text;

    private static bool IsUnfit(char character) => char.IsControl(character) && character is not ('\n' or '\t');
}
