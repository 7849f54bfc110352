using PaliGguf.Imaging.Drawing;
using PaliGguf.Language;
using PaliGguf.Vision;

namespace PaliGguf.Cli.Drawings;

/// <summary>A picture with the most probable of some answers.</summary>
internal static class ChoiceDrawing
{
    /// <summary>Writes the file; its ending names the format.</summary>
    public static void Save(RgbImage picture, Choice best, string path)
    {
        Annotation answer = new(best.Text, new AnnotationBox(0, 0, picture.Width, picture.Height)) { Score = (float)best.Probability };
        new AnnotatedPicture(picture, [answer], AnnotationStyle.Default with { ShowBoxes = false }).Save(path);
    }
}
