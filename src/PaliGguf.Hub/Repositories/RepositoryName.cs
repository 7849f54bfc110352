using System.Text.RegularExpressions;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Hub.Repositories;

/// <summary>What a repository of a hub is called: who owns it, and its own name.</summary>
internal sealed partial record RepositoryName(string Owner, string Name, RepositoryKind Kind)
{
    /// <summary>Reads a name, or the address of a repository's page.</summary>
    /// <exception cref="HubException">It is none.</exception>
    public static RepositoryName Parse(string text, RepositoryKind kind)
    {
        Match match = Pattern().Match(text);
        string owner = match.Groups["owner"].Value;
        string name = match.Groups["name"].Value;
        if (match.Success && !(owner + name).Contains("..", StringComparison.Ordinal) && !name.EndsWith(".git", StringComparison.Ordinal))
            return new RepositoryName(owner, name, match.Groups["datasets"].Success ? RepositoryKind.Dataset : kind);
        throw new HubException(
            $"'{OneLine.Show(text)}' is no name of a repository: OWNER/NAME is expected, such as google/paligemma2-3b-mix-224");
    }

    public override string ToString() => $"{Owner}/{Name}";

    /// <summary>Its page, where people read about it and accept its licence.</summary>
    public Uri Page(Uri endpoint) => HubAddress.Below(endpoint, Prefix + this);

    /// <summary>Where the hub tells which commit a revision is.</summary>
    public Uri Revision(Uri endpoint, string revision) => Api(endpoint, $"revision/{Uri.EscapeDataString(revision)}");

    /// <summary>Where it lists the files of a commit.</summary>
    public Uri Tree(Uri endpoint, string commit) => Api(endpoint, $"tree/{commit}?recursive=true");

    /// <summary>Where a file of a commit is.</summary>
    public Uri File(Uri endpoint, string commit, string path) =>
        HubAddress.Below(endpoint, $"{Prefix}{this}/resolve/{commit}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");

    private string Prefix => Kind == RepositoryKind.Dataset ? "datasets/" : "";

    private Uri Api(Uri endpoint, string rest) =>
        HubAddress.Below(endpoint, $"api/{(Kind == RepositoryKind.Dataset ? "datasets" : "models")}/{this}/{rest}");

    [GeneratedRegex(
        @"^(https://(www\.)?(huggingface\.co|hf\.co)/)?((?<datasets>datasets)/)?"
        + @"(?<owner>[A-Za-z0-9][A-Za-z0-9_.-]{0,95})/(?<name>[A-Za-z0-9][A-Za-z0-9_.-]{0,95})/?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
