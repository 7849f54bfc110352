using System.IO.Enumeration;
using PaliGguf.Conversion;
using PaliGguf.Hub.Http;
using PaliGguf.Hub.Repositories;
using PaliGguf.Hub.Store;

namespace PaliGguf.Hub.Pulling;

/// <summary>One pull from start to end.</summary>
internal sealed class PullRun(HubOptions hub, PullStore store, PullOptions options, IProgress<PullProgress>? progress,
    CancellationToken cancellationToken)
{
    private const string AllFiles = "files";
    private readonly Lock _gate = new();
    private PullProgress _last;

    public async Task<PullResult> RunAsync()
    {
        RepositoryName name = RepositoryName.Parse(options.Name, options.Kind);
        if (hub.Offline) return FromStore(name);
        using HubConnection connection = new(hub);
        Tell(new PullProgress(PullPhase.Asking, "", 0, 0));
        RemoteRepository repository =
            await RemoteRepository.OpenAsync(connection, name, options.Revision, Wait, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<RepositoryFile> files = await repository.ListAsync(cancellationToken).ConfigureAwait(false);
        ContentKind kind = RepositoryContent.Of(repository, files);
        PairChoice? pair = kind == ContentKind.Pair ? PairChoice.Of(repository, files, options.Type) : null;
        string variant = kind == ContentKind.Checkpoint ? Variant() : pair is not null ? PairChoice.TypeOf(pair.Text) : AllFiles;
        string folder = store.FolderOf(name, repository.Commit, variant);
        PulledItem Item(PullManifest manifest) => new(name.ToString(), repository.Commit, variant, folder, manifest);
        RepositoryFile[] wanted = kind switch
        {
            ContentKind.Checkpoint => [],
            ContentKind.Pair => [pair!.Vision, pair.Text],
            ContentKind.Adapter => [.. files.Where(IsOfAdapter)],
            _ => Included(repository, files),
        };
        PulledFile[] there = [.. ManifestFile.Read(folder)?.Files ?? []];
        if (there.Length > 0 && wanted.All(file => there.Any(one => one.Name == file.Path)))
            return new PullResult(Item(ManifestFile.Read(folder)!), WasThere: true, connection.Received, []);

        using IDisposable taken = PullLock.Take(folder, name.ToString());
        PulledFile[] others = [.. there.ExceptBy(wanted.Select(file => file.Path), file => file.Name)];
        (IReadOnlyList<PulledFile> pulled, IReadOnlyList<string> warnings) = kind == ContentKind.Checkpoint
            ? await ConvertAsync(repository, files, folder).ConfigureAwait(false)
            : ([.. others, .. await DownloadAsync(repository, wanted, folder).ConfigureAwait(false)], []);
        PullManifest manifest = new(KindOf(kind), options.Revision, HubAddress.Show(hub.Endpoint), DateTimeOffset.UtcNow, pulled);
        ManifestFile.Write(folder, manifest);
        return new PullResult(Item(manifest), WasThere: false, connection.Received, warnings);
    }

    private PullResult FromStore(RepositoryName name)
    {
        PulledItem? there = store.Find(options.Type is { } type ? $"{name}:{type}" : name.ToString())
            .FirstOrDefault(item => item.IsComplete
                && (options.Revision == "main" || item.Commit == options.Revision || item.Manifest!.Revision == options.Revision));
        if (there is not null) return new PullResult(there, WasThere: true, 0, []);
        throw new HubException($"{name} was not pulled before, and in offline mode the hub is not asked (--offline, HF_HUB_OFFLINE)");
    }

    private async Task<(IReadOnlyList<PulledFile>, IReadOnlyList<string>)> ConvertAsync(RemoteRepository repository,
        IReadOnlyList<RepositoryFile> files, string folder)
    {
        ConversionResult result =
            await new CheckpointPull(repository, files, options).RunAsync(folder, Tell, cancellationToken).ConfigureAwait(false);
        return ([new PulledFile(Path.GetFileName(result.TextPath), result.TextBytes, Sha256: null),
            new PulledFile(Path.GetFileName(result.VisionPath), result.VisionBytes, Sha256: null)],
            result.Warnings);
    }

    private async Task<IReadOnlyList<PulledFile>> DownloadAsync(RemoteRepository repository, IReadOnlyList<RepositoryFile> files,
        string folder)
    {
        long total = files.Sum(file => file.Size);
        long done = 0;
        List<PulledFile> pulled = [];
        foreach (RepositoryFile file in files)
        {
            pulled.Add(await new FileDownload(repository, file, folder)
                .RunAsync((phase, bytes) =>
                    Tell(new PullProgress(phase, file.Path, done += bytes, total)), cancellationToken).ConfigureAwait(false));
        }

        return pulled;
    }

    private RepositoryFile[] Included(RemoteRepository repository, IReadOnlyList<RepositoryFile> files)
    {
        RepositoryFile[] included = options.Include.Count == 0 ? [.. files]
            : [.. files.Where(file =>
                options.Include.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, file.Path, ignoreCase: false)))];
        return included.Length > 0 ? included
            : throw new HubException($"{repository.Name} has no file of these names: {string.Join(", ", options.Include)}");
    }

    private static bool IsOfAdapter(RepositoryFile file) =>
        file.Path is RepositoryContent.AdapterConfig or RepositoryContent.AdapterWeights;

    private string Variant() => string.Concat(
        options.Type ?? ModelFileType.Q8_0, options.VisionType is { } vision ? $"-vision-{vision}"
            : "", options.EmbeddingType is { } embedding ? $"-embedding-{embedding.Name}" : "");

    private static PulledKind KindOf(ContentKind kind) => kind switch
    {
        ContentKind.Adapter => PulledKind.Adapter,
        ContentKind.Dataset => PulledKind.Dataset,
        _ => PulledKind.Pair,
    };

    private void Wait(string reason)
    {
        lock (_gate) progress?.Report(_last with { Phase = PullPhase.Waiting, Note = reason });
    }

    private void Tell(PullProgress value)
    {
        lock (_gate)
        {
            _last = value;
            progress?.Report(value);
        }
    }
}
