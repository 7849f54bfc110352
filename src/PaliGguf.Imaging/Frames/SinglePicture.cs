using PaliGguf.Imaging.Formats;

namespace PaliGguf.Imaging.Frames;

/// <summary>A file of which one picture is read, and no more than one should be there.</summary>
internal static class SinglePicture
{
    /// <summary>Decodes it.</summary>
    /// <exception cref="ImageException">It can not be decoded, or is an animation.</exception>
    public static FrameSequence Read(
        ReadOnlySpan<byte> encoded, ImageFormat format, string name, FrameOptions options, CancellationToken cancellationToken)
    {
        if (IsAnimation(encoded, format))
        {
            throw VipsDecoder.Damaged(
                format, name, " (it is an animation, of which only the first frame is read; store it as a GIF, a WebP or a video)");
        }

        RgbImage picture = ImageFile.Load(encoded, options.Limits, name, cancellationToken);
        return FrameSampling.Sequence(FrameSourceKind.Picture, 1, [new Frame(picture, 0)], options);
    }

    private static bool IsAnimation(ReadOnlySpan<byte> encoded, ImageFormat format) => format switch
    {
        ImageFormat.Png => PngMetadata.Read(encoded).Frames > 1,
        ImageFormat.Avif => encoded[8..].StartsWith("avis"u8),
        _ => false,
    };
}
