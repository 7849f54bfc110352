using PaliGguf.Imaging;
using PaliGguf.Imaging.Drawing;
using PaliGguf.Tasks;
using PaliGguf.Vision;

namespace PaliGguf.Hosting.Drawings;

/// <summary>A picture with what was found in it.</summary>
internal static class InstanceDrawing
{
    /// <summary>What has a lower score is not drawn as found, where nobody has said what is wanted; so it is on the page.</summary>
    public const float LeastScore = 0.1f;

    /// <summary>Plans the drawing.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="found">What was found in it.</param>
    /// <param name="leastScore">The lowest score that is wanted, 0 to 1; null for <see cref="LeastScore"/>.</param>
    public static AnnotatedPicture Of(RgbImage picture, IEnumerable<Detection> found, float? leastScore) =>
        new(picture, found.Where(one => one.Score >= (leastScore ?? LeastScore)).Select(Annotation.Of));

    /// <summary>Draws it as a PNG whose sides are at most so many pixels long.</summary>
    public static byte[] ToPng(RgbImage picture, IEnumerable<Detection> found, float? leastScore, int longestSide)
    {
        RgbImage drawn = Of(picture, found, leastScore).Render();
        double scale = Math.Min(1, (double)longestSide / Math.Max(drawn.Width, drawn.Height));
        if (scale < 1) drawn = Resampling.Resize(drawn, Math.Max(1, (int)(drawn.Width * scale)), Math.Max(1, (int)(drawn.Height * scale)));
        return ImageFile.Encode(drawn, ImageFormat.Png);
    }
}
