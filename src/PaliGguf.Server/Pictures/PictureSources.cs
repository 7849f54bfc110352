using PaliGguf.Hosting.Pictures;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Pictures;

/// <summary>Where the pictures of requests come from: out of the request, the store, or the net.</summary>
internal sealed class PictureSources(PictureStore store, RemotePictures remote)
{
    /// <summary>How many pictures a request may have at all; what the context has room for is less.</summary>
    public const int Most = 64;

    /// <summary>The file of a task's one picture.</summary>
    /// <exception cref="RejectionException">There is none, or it can not be had.</exception>
    public async Task<PictureFile> FindAsync(PictureRequest request, CancellationToken cancellationToken) =>
        await FindAllAsync(request, allowNone: false, cancellationToken) is [var file] ? file
            : throw Rejection.Invalid(PictureData.Field,
                "There are several pictures, and this task looks at one: /api/generate takes several.");

    /// <summary>The files of a task's pictures.</summary>
    /// <param name="request">What names them.</param>
    /// <param name="allowNone">Whether there need not be any.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RejectionException">There is none, or one can not be had.</exception>
    public async Task<IReadOnlyList<PictureFile>> FindAllAsync(
        PictureRequest request, bool allowNone, CancellationToken cancellationToken)
    {
        int count = request.Uploaded.Count + request.Sent.Count;
        if (count == 0 && !allowNone)
        {
            throw Rejection.Invalid(PictureData.Field,
                "There is no picture: send it as 'image', or the id of an uploaded one as 'picture'.");
        }

        if (request.Uploaded.Count > 0 && request.Sent.Count > 0)
            throw Rejection.Invalid("picture", "There are pictures and ids of others: send the pictures, or the ids.");
        if (count > Most) throw Rejection.Invalid(PictureData.Field, $"There are {count} pictures; at most {Most} are read.");
        List<PictureFile> files =
            [.. request.Uploaded.Select((id, index) => new PictureFile(store.Get(id), count == 1 ? "picture" : $"pictures[{index}]"))];
        foreach (PictureData picture in request.Sent) files.Add(await FindAsync(picture, cancellationToken));
        return files;
    }

    /// <summary>The file of a picture.</summary>
    /// <exception cref="RejectionException">It is elsewhere, and may not be fetched from there, or can not.</exception>
    public async Task<PictureFile> FindAsync(PictureData picture, CancellationToken cancellationToken)
    {
        if (picture.Address is not { } address) return new PictureFile(picture.Bytes, picture.Place);
        if (!remote.Any)
        {
            throw Rejection.Unsupported(picture.Place, "This server fetches no pictures: send the picture itself, as base64 or a data URL. "
                + "(--allow-remote-images HOST lets it fetch from a host.)");
        }

        try
        {
            return new PictureFile(await remote.FetchAsync(address, cancellationToken), picture.Place);
        }
        catch (RemotePictureException failure)
        {
            throw failure.IsRefused ? Rejection.Unsupported(picture.Place, failure.Message)
                : Rejection.Unprocessable("remote_picture", failure.Message);
        }
    }
}
