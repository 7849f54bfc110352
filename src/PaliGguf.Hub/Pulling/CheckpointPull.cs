using PaliGguf.Conversion;
using PaliGguf.Hub.Repositories;

namespace PaliGguf.Hub.Pulling;

/// <summary>Converts a checkpoint while it arrives: its small files are stored for the moment, its weights never.</summary>
internal sealed class CheckpointPull(RemoteRepository repository, IReadOnlyList<RepositoryFile> files, PullOptions options)
{
    private const int LargestSmallFile = 64 * 1024 * 1024;
    private const string SourceFolder = "source";

    // All that a conversion looks for.
    private static readonly string[] SmallFiles =
    [
        RepositoryContent.CheckpointConfig, RepositoryContent.AdapterConfig, "generation_config.json", "preprocessor_config.json",
            "processor_config.json",
        "tokenizer.model", "added_tokens.json", "tokenizer_config.json", "model.safetensors.index.json", "vae-oid.npz",
    ];

    // The newest checkpoints list added tokens there only, among tens of megabytes.
    private const string LargeTokenizer = "tokenizer.json";

    /// <summary>Converts it.</summary>
    /// <param name="folder">Where the pair goes.</param>
    /// <param name="progress">Told of all bytes that have arrived.</param>
    /// <param name="cancellationToken">Ends it; another run goes on.</param>
    public async Task<ConversionResult> RunAsync(string folder, Action<PullProgress> progress, CancellationToken cancellationToken)
    {
        string source = Path.Combine(folder, SourceFolder);
        try
        {
            await FetchSmallFilesAsync(source, progress, cancellationToken).ConfigureAwait(false);
            ConversionOptions conversion = new()
            {
                Source = source,
                OutputFolder = folder,
                Name = repository.Name.Name,
                Type = options.Type ?? ModelFileType.Q8_0,
                VisionType = options.VisionType,
                EmbeddingType = options.EmbeddingType,
                Tokenizer = options.Tokenizer,
                MaskDecoder = options.MaskDecoder,
                Streamed = [.. files.Where(IsWeights).Select(Streamed)],
                Origin = new SourceOrigin(repository.Name.ToString(), repository.Commit, $"{repository.Page}/tree/{repository.Commit}"),
            };
            if (options.JournalEvery is { } bytes) conversion = conversion with { JournalEvery = bytes };
            return await CheckpointConverter.ConvertAsync(conversion, new Telling(progress), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (Directory.Exists(source)) Directory.Delete(source, recursive: true);
        }
    }

    private static bool IsWeights(RepositoryFile file) => !file.Path.Contains('/')
        && file.Path.EndsWith(".safetensors", StringComparison.Ordinal);

    private StreamedFile Streamed(RepositoryFile file) => new()
    {
        Name = file.Path,
        Length = file.Size,
        Sha256 = file.Sha256,
        Open = (offset, length, ended) => repository.Read(file, offset, length, ended),
    };

    private async Task FetchSmallFilesAsync(string source, Action<PullProgress> progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(source);
        HashSet<string> wanted = [.. SmallFiles];
        if (!files.Any(file => file.Path is "added_tokens.json" or "tokenizer_config.json")) wanted.Add(LargeTokenizer);
        RepositoryFile[] small = [.. files.Where(file => wanted.Contains(file.Path))];
        long done = 0;
        foreach (RepositoryFile file in small)
        {
            progress(new PullProgress(PullPhase.Downloading, file.Path, done, small.Sum(one => one.Size)));
            byte[] content = await repository.ReadAllAsync(file, LargestSmallFile, cancellationToken).ConfigureAwait(false);
            await File.WriteAllBytesAsync(Path.Combine(source, file.Path), content, cancellationToken).ConfigureAwait(false);
            done += file.Size;
        }
    }

    private sealed class Telling(Action<PullProgress> progress) : IProgress<ConversionProgress>
    {
        public void Report(ConversionProgress value)
        {
            if (value.Phase == ConversionPhase.Arriving)
                progress(new PullProgress(PullPhase.Converting, value.File, value.BytesDone, value.BytesTotal));
        }
    }
}
