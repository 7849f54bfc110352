using System.CommandLine;
using System.CommandLine.Parsing;

namespace PaliGguf.Cli;

/// <summary>An option whose value is the path of a file or a folder; a file URI is read as one, and other addresses are refused.</summary>
internal sealed class PathOption : Option<string>
{
    public PathOption(string name)
        : base(name) => CustomParser = Path;

    /// <summary>The path that the last token of a result names.</summary>
    internal static string? Path(ArgumentResult result) => result.Tokens.Count == 0 ? null : Path(result, result.Tokens[^1].Value);

    internal static string Path(ArgumentResult result, string token)
    {
        LocalName name = LocalName.Of(token);
        if (name.Problem is { } problem) result.AddError($"{token}: {problem}.");
        return name.Path;
    }
}

/// <summary>Likewise one that may be given several times.</summary>
internal sealed class PathsOption : Option<string[]>
{
    public PathsOption(string name)
        : base(name) => CustomParser = result => [.. result.Tokens.Select(token => PathOption.Path(result, token.Value))];
}

/// <summary>Likewise an argument.</summary>
internal sealed class PathArgument : Argument<string>
{
    public PathArgument(string name)
        : base(name) => CustomParser = PathOption.Path;
}
