using System.Text.RegularExpressions;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Documentation;

/// <summary>The command lines that a page of the documentation shows.</summary>
internal static partial class MarkdownCommands
{
    /// <summary>README.md and the pages for users, by their paths below the repository.</summary>
    public static IEnumerable<string> Pages { get; } =
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
            .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// The lines of a page's blocks that users type: without the sign of a prompt, and in one line if they go on in the next.
    /// </summary>
    public static IEnumerable<string> Lines(string page)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, page)).ReplaceLineEndings("\n");
        foreach (Match block in Block().Matches(text))
        {
            if (block.Groups["language"].Value is not ("" or "text")) continue;
            foreach (string line in Continuation().Replace(block.Groups["lines"].Value, " ").Split('\n'))
            {
                string typed = line.StartsWith("$ ", StringComparison.Ordinal) ? line[2..] : line;
                if (Typed().IsMatch(typed)) yield return typed.Trim();
            }
        }
    }

    /// <summary>All that a page says of the program's command lines, in its text too.</summary>
    public static IEnumerable<string> Mentions(string page)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, page)).ReplaceLineEndings("\n");
        return Lines(page).Concat(Block().Replace(text, "").Split('`').Where((_, index) => index % 2 == 1))
            .Select(mention => mention[Math.Max(0, mention.IndexOf("paligguf ", StringComparison.Ordinal))..])
            .Where(mention => mention.StartsWith("paligguf ", StringComparison.Ordinal));
    }

    /// <summary>A synopsis without what may be left out.</summary>
    public static string Shortest(string line) => Optional().Replace(line, "");

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<lines>.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();

    [GeneratedRegex(@" *\\?\n +(?=\[|--)")]
    private static partial Regex Continuation();

    [GeneratedRegex("^(paligguf|curl|find) |^ID=", RegexOptions.ExplicitCapture)]
    private static partial Regex Typed();

    [GeneratedRegex(@"\s*\[[^\]]*\](\.\.\.)?", RegexOptions.ExplicitCapture)]
    private static partial Regex Optional();
}
