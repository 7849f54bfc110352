using PaliGguf.Imaging.Drawing;
using PaliGguf.Tasks;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace PaliGguf.ImageSharp;

/// <summary>Draws what was found onto a picture of ImageSharp, as <see cref="AnnotatedPicture"/> draws it.</summary>
public static class ImageDrawing
{
    /// <summary>Draws boxes, labels, scores and, where there are some, shapes.</summary>
    /// <param name="image">The picture, which is changed; of several frames the first.</param>
    /// <param name="found">What was found in it.</param>
    /// <param name="style">What is drawn, and how large; <see cref="AnnotationStyle.Default"/> when null.</param>
    /// <inheritdoc cref="Draw{TPixel}(Image{TPixel}, IEnumerable{Annotation}, AnnotationStyle)" path="/exception"/>
    public static void Draw<TPixel>(this Image<TPixel> image, IEnumerable<Detection> found, AnnotationStyle? style = null)
        where TPixel : unmanaged, IPixel<TPixel> => image.Draw(found.Select(Annotation.Of), style);

    /// <summary>Draws annotations. Pixels that nothing is drawn on stay as they are, with their alpha and all their bits; others become
    /// opaque.</summary>
    /// <param name="image">The picture, which is changed; of several frames the first.</param>
    /// <param name="annotations">What to draw.</param>
    /// <param name="style">What is drawn, and how large; <see cref="AnnotationStyle.Default"/> when null.</param>
    /// <exception cref="ArgumentException">The style enlarges the picture or has a value that is out of range, or the picture is too
    /// large.</exception>
    /// <exception cref="ObjectDisposedException">The picture is disposed.</exception>
    public static void Draw<TPixel>(this Image<TPixel> image, IEnumerable<Annotation> annotations, AnnotationStyle? style = null)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(image);
        if (style is { Enlargement: not 1 })
        {
            throw new ArgumentException(
                $"A picture keeps its size when something is drawn onto it: {style.Enlargement} is no enlargement for it.", nameof(style));
        }

        RgbImage before = image.ToRgbImage(), after = new AnnotatedPicture(before, annotations, style).Render();
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                Span<TPixel> row = rows.GetRowSpan(y);
                for (int x = 0, at = 3 * rows.Width * y; x < row.Length; x++, at += 3)
                {
                    ReadOnlySpan<byte> drawn = after.Pixels.Slice(at, 3);
                    if (!drawn.SequenceEqual(before.Pixels.Slice(at, 3))) row[x].FromRgb24(new Rgb24(drawn[0], drawn[1], drawn[2]));
                }
            }
        });
    }
}
