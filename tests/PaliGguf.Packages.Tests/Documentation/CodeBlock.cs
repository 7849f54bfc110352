using System.Text.RegularExpressions;
using PaliGguf.Tests;

namespace PaliGguf.Packages.Tests.Documentation;

/// <summary>A block of C# in the documentation, with the packages that the page tells to add before it.</summary>
/// <param name="Page">The page, from the repository's root.</param>
/// <param name="Line">Where the block begins.</param>
/// <param name="Code">Its text.</param>
/// <param name="Packages">What "dotnet add package" names in the nearest block above that has such lines.</param>
internal sealed partial record CodeBlock(string Page, int Line, string Code, IReadOnlyList<string> Packages)
{
    /// <summary>A name for a project.</summary>
    public string Name => $"{Path.GetFileNameWithoutExtension(Page)}_{Line}";

    /// <summary>Whether it is a file of types, which the next block of the page uses.</summary>
    public bool IsLibrary => NamespaceLine().IsMatch(Code);

    /// <summary>All of them, page by page.</summary>
    public static IReadOnlyList<CodeBlock> All { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Prepend(Path.Combine(Repository.Root, "README.md"))
            .SelectMany(path => Of(Path.GetRelativePath(Repository.Root, path), File.ReadAllText(path))),
    ];

    /// <summary>Those of one page.</summary>
    public static IEnumerable<CodeBlock> Of(string page, string text)
    {
        string[] packages = [];
        foreach (Match fence in Fence().Matches(text.ReplaceLineEndings("\n")))
        {
            string code = fence.Groups["code"].Value;
            string[] added = [.. AddPackage().Matches(code).Select(match => match.Groups["package"].Value)];
            if (added.Length > 0) packages = added;
            if (fence.Groups["language"].Value != "csharp") continue;
            yield return new CodeBlock(page, text.AsSpan(0, fence.Index).Count('\n') + 1, code, packages);
        }
    }

    [GeneratedRegex(
        "^```(?<language>[a-z]*)\n(?<code>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\$? ?dotnet add package (?<package>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex AddPackage();

    [GeneratedRegex(@"^namespace \S+;$", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
