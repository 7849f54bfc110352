using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using PaliGguf.Conversion.Sources;
using PaliGguf.Hub.Repositories;

namespace PaliGguf.Hub.Pulling;

/// <summary>
/// Stores a file as it is. Until it is complete it has another name; another run goes on after what is there, once it has read that for
/// the hash.
/// </summary>
internal sealed class FileDownload(RemoteRepository repository, RepositoryFile file, string folder)
{
    private const string Unfinished = ".part";
    private const int BufferBytes = 256 * 1024;
    private readonly string _path = Path.Combine(folder, file.Path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Downloads what is not there yet.</summary>
    /// <param name="arrived">Told of bytes that have arrived, or were there, and of which it is.</param>
    /// <param name="cancellationToken">Ends the download; what has arrived stays.</param>
    /// <exception cref="HubException">The content is not that of the file, or can not be stored.</exception>
    public async Task<PulledFile> RunAsync(Action<PullPhase, long> arrived, CancellationToken cancellationToken)
    {
        PulledFile pulled = new(file.Path, file.Size, file.Sha256);
        if (new FileInfo(_path) is { Exists: true } there && there.Length == file.Size)
        {
            arrived(PullPhase.Checking, file.Size);
            return pulled;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            await ArriveAsync(arrived, cancellationToken).ConfigureAwait(false);
            File.Move(_path + Unfinished, _path, overwrite: true);
            return pulled;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubException($"{_path}: can not be written: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private async Task ArriveAsync(Action<PullPhase, long> arrived, CancellationToken cancellationToken)
    {
        using FileStream part = new(_path + Unfinished, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        if (part.Length > file.Size) part.SetLength(0);
        using IncrementalHash hash = NewHash();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await part.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                arrived(PullPhase.Checking, count);
            }

            using RangeStream content = repository.Read(file, part.Length, file.Size - part.Length, cancellationToken);
            while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                await part.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                hash.AppendData(buffer, 0, count);
                arrived(PullPhase.Downloading, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if ((file.Sha256 ?? file.Blob) is { } expected && Convert.ToHexStringLower(hash.GetHashAndReset()) is var found
            && found != expected)
        {
            part.SetLength(0);
            throw new HubException(
                $"{repository.Name}: {OneLine.Show(file.Path)}: what arrived is not the file: its hash is {found}, expected {expected}");
        }

        part.Flush(flushToDisk: true);
    }

    private IncrementalHash NewHash()
    {
        if (file.Sha256 is not null || file.Blob is null) return IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {file.Size}\0"));
        return hash;
    }
}
