using System.Text.RegularExpressions;

namespace PaliGguf.Architecture.Tests.Documentation;

/// <summary>The links of a page to files of the repository and to headings in them. Addresses of the web are not asked.</summary>
internal static partial class MarkdownLinks
{
    public static IEnumerable<string> Broken(string page)
    {
        foreach (string target in Links().Matches(Prose(page)).Select(match => match.Groups["target"].Value))
        {
            if (Scheme().IsMatch(target)) continue;
            string[] parts = target.Split('#', 2);
            string file = parts[0].Length == 0 ? page
                : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, Uri.UnescapeDataString(parts[0])));
            if (!Path.Exists(file)) yield return $"{target}: there is no such file";
            else if (parts.Length == 2 && !Headings(file).Contains(parts[1])) yield return $"{target}: there is no such heading";
        }
    }

    /// <summary>A heading as GitHub names it in addresses: lower case, spaces as hyphens, without other signs.</summary>
    public static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    private static HashSet<string> Headings(string file) =>
        Path.GetExtension(file) == ".md" ? [.. Heading().Matches(Prose(file)).Select(match => Anchor(match.Groups["text"].Value))] : [];

    private static string Prose(string page) => CodeBlock().Replace(File.ReadAllText(page), "");

    [GeneratedRegex(@"^```.*?^```\s*$", RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Links();

    [GeneratedRegex(@"^#+ +(?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Scheme();
}
