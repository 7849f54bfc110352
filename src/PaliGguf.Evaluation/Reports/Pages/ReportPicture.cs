using PaliGguf.Evaluation.Datasets;
using PaliGguf.Imaging;
using PaliGguf.Imaging.Drawing;
using PaliGguf.Vision;

namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>A picture as the page shows it: no larger than a few hundred pixels, whatever the data set has.</summary>
/// <param name="image">The picture, scaled down.</param>
/// <param name="original">Its size in the data set.</param>
internal sealed class ReportPicture(RgbImage image, PictureSize original)
{
    private const int LongestSide = 384;
    private const int Quality = 80;

    public int Width => image.Width;

    public int Height => image.Height;

    /// <summary>How many times it is wider, and higher, than the original.</summary>
    public (float X, float Y) Scale => ((float)image.Width / original.Width, (float)image.Height / original.Height);

    /// <summary>Reads a picture.</summary>
    /// <exception cref="ImageException">It can not be read, or is damaged.</exception>
    public static async Task<ReportPicture> LoadAsync(PictureSource source, CancellationToken cancellationToken)
    {
        RgbImage image = await source.LoadAsync(cancellationToken).ConfigureAwait(false);
        double scale = Math.Min(1, (double)LongestSide / Math.Max(image.Width, image.Height));
        RgbImage small = scale == 1
            ? image
            : Resampling.Resize(image, Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)));
        return new ReportPicture(small, new PictureSize(image.Width, image.Height));
    }

    /// <summary>The picture with what is drawn over it, as an address that holds it.</summary>
    public string ToAddress(IReadOnlyList<Annotation> drawn)
    {
        RgbImage shown = drawn.Count == 0 ? image : new AnnotatedPicture(image, drawn).Render();
        return "data:image/jpeg;base64," + Convert.ToBase64String(ImageFile.Encode(shown, ImageFormat.Jpeg, Quality));
    }
}
