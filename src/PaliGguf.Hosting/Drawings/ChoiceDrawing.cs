using PaliGguf.Imaging.Drawing;
using PaliGguf.Language;

namespace PaliGguf.Hosting.Drawings;

/// <summary>A picture with the most probable of some answers.</summary>
internal static class ChoiceDrawing
{
    /// <summary>Plans the drawing.</summary>
    public static AnnotatedPicture Of(RgbImage picture, Choice best)
    {
        Annotation answer = new(best.Text, new AnnotationBox(0, 0, picture.Width, picture.Height)) { Score = (float)best.Probability };
        return new AnnotatedPicture(picture, [answer], AnnotationStyle.Default with { ShowBoxes = false });
    }
}
