using Microsoft.AspNetCore.Http;
using PaliGguf.Imaging;
using PaliGguf.Server.Http;
using PaliGguf.Server.Pictures;

namespace PaliGguf.Server.Tasks;

/// <summary>Keeps a picture for several requests about it, and shows it.</summary>
internal sealed class PictureUploads(BodyReader bodies, PictureSources pictures, PictureDecoder decoder, PictureStore store) : IDisposable
{
    // Decoding takes memory by the pixel, and needs no turn on the model.
    private readonly SemaphoreSlim _decoding = new(Math.Max(1, Environment.ProcessorCount / 2));

    public async Task<IResult> UploadAsync(HttpContext context)
    {
        CancellationToken cancellationToken = RequestClock.Of(context).Token;
        IReadOnlyList<PictureData> sent = [];
        await bodies.ReadAsync(context, TasksJson.Plain.UploadRequest, (request, given) =>
        {
            sent = given;
            return request;
        });
        if (sent.Count != 1)
        {
            throw Rejection.Invalid(PictureData.Field,
                sent.Count == 0 ? "There is no picture: send it as 'image'." : $"There are {sent.Count} pictures: upload them one by one.");
        }

        PictureFile file = await pictures.FindAsync(sent[0], cancellationToken);
        RgbImage picture = await DecodeAsync(file, cancellationToken);
        (string id, bool known) = store.Add(file.Bytes);
        UploadJson upload = new(id, picture.Width, picture.Height, file.Bytes.Length);
        return TypedResults.Json(upload, TasksJson.Plain.UploadJson,
            statusCode: known ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    public async Task<IResult> ShowAsync(HttpContext context, string id)
    {
        CancellationToken cancellationToken = RequestClock.Of(context).Token;
        RgbImage picture = await DecodeAsync(new PictureFile(store.Get(id), "id"), cancellationToken);
        return TypedResults.Bytes(await Task.Run(() => ImageFile.Encode(picture, ImageFormat.Jpeg), cancellationToken), "image/jpeg");
    }

    public void Dispose() => _decoding.Dispose();

    private async Task<RgbImage> DecodeAsync(PictureFile file, CancellationToken cancellationToken)
    {
        await _decoding.WaitAsync(cancellationToken);
        try
        {
            return (await decoder.DecodeAsync([file], cancellationToken))[0];
        }
        finally
        {
            _decoding.Release();
        }
    }
}
