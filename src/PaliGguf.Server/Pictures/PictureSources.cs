using PaliGguf.Server.Http;
using PaliGguf.Server.Tasks;

namespace PaliGguf.Server.Pictures;

/// <summary>Where the pictures of requests come from: out of the request, the store, or the net.</summary>
internal sealed class PictureSources(PictureStore store, RemotePictures remote)
{
    /// <summary>The file of a task's picture.</summary>
    /// <exception cref="RejectionException">There is none, or it can not be had.</exception>
    public async Task<ReadOnlyMemory<byte>> FindAsync(PictureRequest request, CancellationToken cancellationToken) => (request.Image, request.Picture) switch
    {
        (null, null) => throw Rejection.Invalid("image", "There is no picture: send it as 'image', or the id of an uploaded one as 'picture'."),
        ({ } image, null) => await FindAsync(image, cancellationToken),
        (null, { } id) => store.Get(id),
        _ => throw Rejection.Invalid("picture", "There are two pictures, 'image' and 'picture': send one of them."),
    };

    /// <summary>The file of a picture.</summary>
    public async Task<ReadOnlyMemory<byte>> FindAsync(PictureData picture, CancellationToken cancellationToken) =>
        picture.Address is null ? picture.Bytes : await remote.FetchAsync(picture.Address, cancellationToken);
}
