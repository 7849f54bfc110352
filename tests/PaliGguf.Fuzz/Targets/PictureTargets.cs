using System.Text;
using System.Xml.Linq;
using PaliGguf.Imaging;
using PaliGguf.Imaging.Drawing;
using PaliGguf.Imaging.Formats;
using PaliGguf.Imaging.Frames;

namespace PaliGguf.Fuzz.Targets;

/// <summary>Picture files, a target for each format so that each has its corpus; frames; pictures as text; labels to draw.</summary>
internal static class PictureTargets
{
    private static readonly ImageLimits Limits = new() { MaxPixels = 1 << 20 };

    private static readonly FrameOptions FrameOptions = new() { Count = 4, Limits = Limits, MaxAnimationPixels = 1 << 22 };

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. from format in new[] { "bmp", "png", "jpeg", "webp", "gif", "tiff", "avif" }
           select new FuzzTarget(format, input => ImageFile.Load(input, Limits), IsRefusal),
        new("frames", ReadFrames, IsRefusal),
        new("pixmaps", ReadPixmaps, IsRefusal),
        new("data-url", input => InlineImage.Decode(input), failure => failure is FormatException),
        new("label", DrawLabel, _ => false),
    ];

    private static bool IsRefusal(Exception failure) => failure is ImageException;

    private static void ReadFrames(byte[] input)
    {
        VideoFormats.IsVideo(input.AsSpan(0, Math.Min(input.Length, VideoFormats.HeaderLength)));
        ImageFormat format = FormatDetection.Detect(input, "input");
        if (format is ImageFormat.Gif or ImageFormat.WebP) Animation.Read(input, format, "input", FrameOptions, CancellationToken.None);
        else SinglePicture.Read(input, format, "input", FrameOptions, CancellationToken.None);
    }

    // What ffmpeg hands over.
    private static void ReadPixmaps(byte[] input)
    {
        PixmapReader reader = new(new MemoryStream(input), "input", Limits);
        for (int i = 0; i < FrameOptions.Count && reader.ReadAsync(CancellationToken.None).GetAwaiter().GetResult() is not null; i++)
        {
        }
    }

    private static void DrawLabel(byte[] input)
    {
        RgbImage picture = new(8, 8, new byte[3 * 64]);
        Annotation annotation = new(Encoding.UTF8.GetString(input), new AnnotationBox(1, 1, 7, 7));
        XDocument.Parse(new AnnotatedPicture(picture, [annotation]).ToSvg("picture.png"));
    }
}
