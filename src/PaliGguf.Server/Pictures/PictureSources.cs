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
    public async Task<PictureFile> FindAsync(PictureData picture, CancellationToken cancellationToken) =>
        new(picture.Address is null ? picture.Bytes : await remote.FetchAsync(picture, cancellationToken), picture.Place);
}
