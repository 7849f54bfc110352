using PaliGguf.Vision;

namespace PaliGguf.Imaging.Drawing;

/// <summary>
/// A picture and what was found in it, ready to be drawn: boxes with labels and scores, shapes translucent with an outline. Lines and letters fit the
/// picture's size, each label has a colour of its own, and labels stay inside the picture and, where there is room, off each other. Labels
/// may be in any language: the fonts lie in this library, for the scripts that hold nearly all text, and what they lack is drawn as a box.
/// None of the machine's is used.
/// </summary>
public sealed class AnnotatedPicture
{
    private readonly RgbImage _picture;
    private readonly AnnotationStyle _style;
    private readonly DrawingPlan _plan;

    /// <summary>Plans the drawing.</summary>
    /// <param name="picture">The picture; it is not changed.</param>
    /// <param name="annotations">What to draw. Earlier ones choose the place of their label first.</param>
    /// <param name="style">What is drawn, and how large; <see cref="AnnotationStyle.Default"/> when null.</param>
    /// <exception cref="ArgumentException">A size or an opacity of the style is out of range, or the picture would become too large.</exception>
    public AnnotatedPicture(RgbImage picture, IEnumerable<Annotation> annotations, AnnotationStyle? style = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(annotations);
        _style = style ?? AnnotationStyle.Default;
        _style.Check();
        long width = (long)picture.Width * _style.Enlargement, height = (long)picture.Height * _style.Enlargement;
        if (3 * width * height > Array.MaxLength) throw new ArgumentException($"{width} x {height} pixels are more than one picture can hold.", nameof(style));
        _picture = _style.Enlargement == 1 ? picture : Resampling.Resize(picture, (int)width, (int)height);
        _plan = new DrawingPlan((int)width, (int)height, annotations.ToArray(), _style);
    }

    /// <summary>Draws it in pixels, in the picture's size times <see cref="AnnotationStyle.Enlargement"/>.</summary>
    /// <returns>A new picture, for <see cref="ImageFile.Save(RgbImage, string, int)"/> for example.</returns>
    public RgbImage Render() => PixelDrawing.Render(_picture, _plan, _style);

    /// <summary>Draws it as an SVG that holds the picture itself, as PNG.</summary>
    /// <returns>The text of the file.</returns>
    /// <exception cref="NativeLibraryException">libvips is missing or has a version that does not fit.</exception>
    public string ToSvg() => ToSvg("data:image/png;base64," + Convert.ToBase64String(ImageFile.Encode(_picture, ImageFormat.Png)));

    /// <summary>Draws it as an SVG that shows the picture from where it lies.</summary>
    /// <param name="pictureAddress">The picture's address, absolute or relative to the SVG's.</param>
    /// <returns>The text of the file.</returns>
    public string ToSvg(string pictureAddress)
    {
        ArgumentException.ThrowIfNullOrEmpty(pictureAddress);
        return SvgDrawing.Write(_picture.Width, _picture.Height, pictureAddress, _plan, _style);
    }

    /// <summary>Draws it into a file: .svg, or one of the formats of <see cref="ImageFile.Save(RgbImage, string, int)"/>.</summary>
    /// <param name="path">The file; its ending names the format. An existing one is replaced.</param>
    /// <param name="quality">1 to 100, for the lossy formats.</param>
    /// <exception cref="UnknownImageFormatException">The ending is another one.</exception>
    /// <exception cref="ImageException">The file can not be written, or the format can not hold a picture of this size.</exception>
    /// <exception cref="NativeLibraryException">libvips is missing or has a version that does not fit.</exception>
    public void Save(string path, int quality = 90)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Path.GetExtension(path).Equals(".svg", StringComparison.OrdinalIgnoreCase))
        {
            ImageFile.Save(Render(), path, quality);
            return;
        }

        ImageFile.WriteWhole(path, System.Text.Encoding.UTF8.GetBytes(ToSvg()));
    }
}
