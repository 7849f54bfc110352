using PaliGguf.Imaging;

namespace PaliGguf.Fuzz.Targets;

/// <summary>Picture files, a target for each format so that each has its corpus, and pictures as text.</summary>
internal static class PictureTargets
{
    private static readonly ImageLimits Limits = new() { MaxPixels = 1 << 20 };

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. from format in new[] { "bmp", "png", "jpeg", "webp", "gif", "tiff", "avif" }
           select new FuzzTarget(format, input => ImageFile.Load(input, Limits), failure => failure is ImageException),
        new("data-url", input => InlineImage.Decode(input), failure => failure is FormatException),
    ];
}
