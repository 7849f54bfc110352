using PaliGguf.Batch.Sources;
using PaliGguf.Broker.Messages;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Imaging;

namespace PaliGguf.Broker.Collecting;

/// <summary>Decides how a picture travels: in its message, or by its path or address.</summary>
/// <param name="inline">The largest picture that travels in its message, in bytes.</param>
internal sealed class PictureSending(long inline)
{
    /// <summary>What a message says of a picture, and its bytes where they travel in it.</summary>
    /// <exception cref="PaliException">It can not be read, or is too large and in no file of its own.</exception>
    public async Task<(PictureReference Reference, byte[] Inline)> PrepareAsync(PictureSource picture, CancellationToken cancellationToken)
    {
        PictureReference reference = new(picture.Name);
        if (picture is PictureAddress { Address: { } address }) return (reference with { Address = address.AbsoluteUri }, []);
        if (picture is PictureFile file && !IsSmall(file)) return (reference with { Path = Path.GetFullPath(file.Name) }, []);
        byte[] bytes = picture.Length > inline ? throw TooLarge(picture, picture.Length.Value)
            : await picture.ReadAsync(cancellationToken).ConfigureAwait(false);
        return bytes.Length <= inline ? (reference with { Inline = bytes.Length }, bytes) : throw TooLarge(picture, bytes.Length);
    }

    // Where it is missing, its worker finds out; so it does not matter who sees it.
    private bool IsSmall(PictureFile file)
    {
        if (inline == 0) return false;
        FileInfo info = new(file.Name);
        if (!info.Exists) throw ImageFile.Unreadable(file.Name, new FileNotFoundException(), file.Name);
        return RegularFile.IsOne(file.Name) ? info.Length <= inline
            : throw new ImageException(file.Name, "this is a pipe, a socket or a device, not a file");
    }

    private PaliException TooLarge(PictureSource picture, long length) => new(
        $"{picture.Name}: it has {length} bytes, and pictures up to {inline} travel in messages (--inline, at most "
            + $"{ItemMessage.MostInline}): put it into a file of its own, which goes by its path.");
}
