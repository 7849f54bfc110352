namespace PaliGguf.Imaging.Interop;

/// <summary>What another program or library said, made fit for one line of a message.</summary>
internal static class PlainLine
{
    private const int MaxLines = 2;
    private const int MaxLength = 200;

    // AVIF and TIFF readers probe for the end of the data, and every probe leaves a line.
    private const string Noise = "source: bad seek";

    /// <summary>The first different lines, joined, without control characters and of limited length.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="none">What stands for a text without content.</param>
    public static string Of(string text, string none = "no reason is given")
    {
        string[] lines = text
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith(Noise, StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .Take(MaxLines)
            .ToArray();
        if (lines.Length == 0) return none;
        string line = string.Concat(string.Join("; ", lines).Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= MaxLength ? line : line[..MaxLength] + "...";
    }
}
