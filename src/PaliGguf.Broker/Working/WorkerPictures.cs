using PaliGguf.Broker.Messages;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Hosting.Pictures;
using PaliGguf.Imaging;

namespace PaliGguf.Broker.Working;

/// <summary>
/// The pictures that messages speak of: those in them, those in folders that are allowed, and those of hosts that are.
/// </summary>
/// <param name="folders">The folders; null where none is allowed.</param>
/// <param name="remote">The hosts.</param>
internal sealed class WorkerPictures(AllowedFolders? folders, RemotePictures remote)
{
    /// <summary>The picture of a message. What is wrong with it is told when it is read.</summary>
    public PictureSource Of(PictureReference reference, ReadOnlyMemory<byte> inline) =>
        reference.Path is { } path ? new SharedPicture(reference.Name, path, folders)
        : reference.Address is { } address ? new FetchedPicture(address, remote)
        : new InlinePicture(reference.Name, inline);

    private sealed class InlinePicture(string name, ReadOnlyMemory<byte> bytes) : PictureSource
    {
        public override string Name => name;

        public override Task<byte[]> ReadAsync(CancellationToken cancellationToken = default) => Task.FromResult(bytes.ToArray());
    }

    private sealed class FetchedPicture(string address, RemotePictures remote) : PictureSource
    {
        public override string Name => address;

        public override async Task<byte[]> ReadAsync(CancellationToken cancellationToken = default)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)) throw new ImageException(Name, "this is no address");
            if (!remote.Any) throw new ImageException(Name, "this worker fetches no pictures: start it with --allow-host HOST");
            try
            {
                return (await remote.FetchAsync(uri, cancellationToken).ConfigureAwait(false)).ToArray();
            }
            catch (RemotePictureException failure)
            {
                throw new ImageException(Name, failure.Message);
            }
        }
    }

    private sealed class SharedPicture(string name, string path, AllowedFolders? folders) : PictureSource
    {
        public override string Name => name;

        public override async Task<byte[]> ReadAsync(CancellationToken cancellationToken = default)
        {
            FileStream file = Open();
            await using (file.ConfigureAwait(false))
            {
                return (await EncodedBuffer.ReadToEndAsync(file, ImageLimits.Default, Name, cancellationToken).ConfigureAwait(false))
                    .Written.ToArray();
            }
        }

        private FileStream Open() => folders?.Open(path)
            ?? throw new ImageException(Name, "it is too large for a message, or was sent by its path, and this worker reads no files: start "
                + "it with --allow FOLDER");
    }
}
