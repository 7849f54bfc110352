using PaliGguf.Conversion;
using PaliGguf.Conversion.Sources;
using PaliGguf.Hub.Repositories;

namespace PaliGguf.Hub.Pulling;

/// <summary>Which two of a repository's GGUF files are meant.</summary>
internal sealed record PairChoice(RepositoryFile Text, RepositoryFile Vision)
{
    /// <summary>Chooses them by the naming habit (<see cref="ModelFiles"/>).</summary>
    /// <param name="repository">The repository, for messages.</param>
    /// <param name="files">Its files.</param>
    /// <param name="type">The type of the text model; null where there is only one.</param>
    /// <exception cref="HubException">There is no such pair, or more than one.</exception>
    public static PairChoice Of(RemoteRepository repository, IReadOnlyList<RepositoryFile> files, ModelFileType? type)
    {
        RepositoryFile[] all =
            [.. files.Where(file => !file.Path.Contains('/') && file.Path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))];
        RepositoryFile[] texts = [.. all.Where(file => !ModelFiles.IsVision(file.Path))];
        RepositoryFile[] meant = type is null ? texts
            : [.. texts.Where(file => TypeOf(file).Equals(type.ToString(), StringComparison.OrdinalIgnoreCase))];
        if (meant.Length != 1)
        {
            string which = type is null ? "several text models" : $"{(meant.Length == 0 ? "no" : "several")} text models of type {type}";
            string choose = meant.Length == 0 ? "" : ": choose one by --type";
            throw new HubException(
                $"{repository.Name} has {(texts.Length == 0 ? "no text model" : which)} among its GGUF files ({Names(all)}){choose}");
        }

        string[] visions = ModelFiles.VisionsFor(meant[0].Path, [.. all.Select(file => file.Path).Where(ModelFiles.IsVision)]);
        if (visions.Length == 1) return new PairChoice(meant[0], all.Single(file => file.Path == visions[0]));
        string beside = visions.Length == 0 ? "no vision model (mmproj-*.gguf)" : "several vision models";
        throw new HubException($"{repository.Name}: {OneLine.Show(meant[0].Path)} has {beside} beside it ({Names(all)})");
    }

    /// <summary>What the end of a name tells of a file's type.</summary>
    public static string TypeOf(RepositoryFile file)
    {
        string name = Path.GetFileNameWithoutExtension(file.Path);
        return name[(name.LastIndexOfAny(['-', '.']) + 1)..];
    }

    private static string Names(IEnumerable<RepositoryFile> files) => string.Join(", ", files.Select(file => OneLine.Show(file.Path)));
}
