using PaliGguf.Imaging;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>Where the picture of an item comes from; it is read when it is needed.</summary>
public abstract class PictureSource
{
    /// <summary>What it is called: a path, or the place in a file that it is embedded in.</summary>
    public abstract string Name { get; }

    /// <summary>How many bytes it has; null where that is not known before it is read.</summary>
    internal virtual long? Length => null;

    /// <summary>The picture's encoded bytes, as they are stored.</summary>
    /// <exception cref="ImageException">They can not be read.</exception>
    public abstract Task<byte[]> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>The picture.</summary>
    /// <exception cref="ImageException">It can not be read, or is damaged.</exception>
    public virtual async Task<RgbImage> LoadAsync(CancellationToken cancellationToken = default)
    {
        byte[] encoded = await ReadAsync(cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => ImageFile.Load(encoded, name: Name, cancellationToken: cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A picture in a file of its own.</summary>
/// <param name="path">The file.</param>
public sealed class PictureFile(string path) : PictureSource
{
    /// <inheritdoc/>
    public override string Name => path;

    /// <inheritdoc/>
    public override async Task<byte[]> ReadAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                return (await EncodedBuffer.ReadToEndAsync(file, ImageLimits.Default, path, cancellationToken).ConfigureAwait(false))
                    .Written.ToArray();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ImageFile.Unreadable(path, e);
        }
    }

    /// <inheritdoc/>
    public override Task<RgbImage> LoadAsync(CancellationToken cancellationToken = default) =>
        ImageFile.LoadAsync(path, cancellationToken: cancellationToken);
}
