using PaliGguf.Conversion.Sources;
using PaliGguf.Hub.Repositories;

namespace PaliGguf.Hub.Pulling;

/// <summary>What a repository's files are, as a pull sees them.</summary>
internal enum ContentKind
{
    Checkpoint,
    Pair,
    Adapter,
    Dataset,
}

/// <summary>Tells it by the names of the files that lie in no folder.</summary>
internal static class RepositoryContent
{
    public const string CheckpointConfig = "config.json";
    public const string AdapterConfig = "adapter_config.json";
    public const string AdapterWeights = "adapter_model.safetensors";

    /// <summary>What there is to pull.</summary>
    /// <exception cref="HubException">Nothing that this program knows; what there is instead is told.</exception>
    public static ContentKind Of(RemoteRepository repository, IReadOnlyList<RepositoryFile> files)
    {
        if (repository.Name.Kind == RepositoryKind.Dataset) return ContentKind.Dataset;
        bool Has(string pattern) =>
            files.Any(file => !file.Path.Contains('/')
                && System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, file.Path));
        if (Has(CheckpointConfig) && Has("model*.safetensors")) return ContentKind.Checkpoint;
        if (Has("*.gguf")) return ContentKind.Pair;
        if (Has(AdapterConfig) && Has(AdapterWeights)) return ContentKind.Adapter;
        string instead = Has("*.npz")
            ? "an .npz file of big_vision, which is not converted while it arrives: download it, and name the file to 'paligguf convert'"
            : Has("*.bin") || Has("*.pt") ? "pickled weights, which are not read, since they can run any code"
            : files.Count == 0 ? "nothing"
            : $"{files.Count} other files ({string.Join(", ", files.Take(3).Select(file => OneLine.Show(file.Path)))})";
        throw new HubException(
            $"{repository.Name}: there is no checkpoint in safetensors, no GGUF file and no PEFT adapter in it, but {instead}");
    }
}
