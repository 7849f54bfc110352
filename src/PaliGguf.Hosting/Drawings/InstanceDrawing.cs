using PaliGguf.Imaging;
using PaliGguf.Imaging.Drawing;
using PaliGguf.Tasks;
using PaliGguf.Vision;

namespace PaliGguf.Hosting.Drawings;

/// <summary>A picture with what was found in it.</summary>
internal static class InstanceDrawing
{
    /// <summary>Plans the drawing.</summary>
    public static AnnotatedPicture Of(RgbImage picture, IEnumerable<Detection> found) => new(picture, found.Select(Annotation.Of));

    /// <summary>Draws it as a PNG whose sides are at most so many pixels long.</summary>
    public static byte[] ToPng(RgbImage picture, IEnumerable<Detection> found, int longestSide)
    {
        RgbImage drawn = new AnnotatedPicture(picture, found.Select(Annotation.Of)).Render();
        double scale = Math.Min(1, (double)longestSide / Math.Max(drawn.Width, drawn.Height));
        if (scale < 1) drawn = Resampling.Resize(drawn, Math.Max(1, (int)(drawn.Width * scale)), Math.Max(1, (int)(drawn.Height * scale)));
        return ImageFile.Encode(drawn, ImageFormat.Png);
    }
}
