using PaliGguf.Imaging;

namespace PaliGguf.Server.Pictures;

/// <summary>Decodes pictures within the server's limits.</summary>
internal sealed class PictureDecoder(ServerOptions options)
{
    private readonly ImageLimits _limits = new() { MaxPixels = options.MaxPixels };

    /// <summary>Decodes files, in their order.</summary>
    /// <exception cref="ImageException">One is no picture, damaged, or too large.</exception>
    public Task<RgbImage[]> DecodeAsync(IReadOnlyList<PictureFile> files, CancellationToken cancellationToken) => Task.Run(
        () => files.Select(file => ImageFile.Load(file.Bytes.Span, _limits, file.Place, cancellationToken)).ToArray(), cancellationToken);
}
