using SkiaSharp;

namespace PaliGguf.Scenes.Assets;

/// <summary>The picture of a thing, cut to what is seen of it. Safe for use by several threads.</summary>
internal sealed class Sprite
{
    /// <summary>The longer side of pictures that are made of drawings.</summary>
    public const int Side = 192;

    // What is fainter is no part of a thing: its own shadow, the glow of a star.
    private const byte Faint = 40;
    private const int OutlineSide = 48;

    private readonly bool[] _outline = new bool[OutlineSide * OutlineSide];

    private Sprite(SKImage picture, SKBitmap pixels)
    {
        Picture = picture;
        int inside = 0;
        for (int y = 0; y < OutlineSide; y++)
        {
            for (int x = 0; x < OutlineSide; x++)
            {
                int column = ((2 * x) + 1) * pixels.Width / (2 * OutlineSide), row = ((2 * y) + 1) * pixels.Height / (2 * OutlineSide);
                bool covered = pixels.GetPixel(column, row).Alpha > 127;
                _outline[(y * OutlineSide) + x] = covered;
                if (covered) inside++;
            }
        }

        Filled = (double)inside / _outline.Length;
    }

    public SKImage Picture { get; }

    /// <summary>The part of its rectangle that it fills.</summary>
    public double Filled { get; }

    /// <summary>Its width and height, the longer of which is 1.</summary>
    public (double Width, double Height) Shape =>
        ((double)Picture.Width / Math.Max(Picture.Width, Picture.Height), (double)Picture.Height / Math.Max(Picture.Width, Picture.Height));

    /// <summary>Whether it covers a point of its rectangle, 0 to 1 from the left and the top.</summary>
    public bool Covers(double x, double y) =>
        x >= 0 && y >= 0 && x < 1 && y < 1 && _outline[((int)(y * OutlineSide) * OutlineSide) + (int)(x * OutlineSide)];

    /// <summary>Cuts a picture and takes it over.</summary>
    /// <returns>The sprite; null for a picture in which nothing is seen.</returns>
    public static Sprite? Of(SKBitmap picture)
    {
        using (picture)
        {
            int left = picture.Width, top = picture.Height, right = 0, bottom = 0;
            for (int y = 0; y < picture.Height; y++)
            {
                for (int x = 0; x < picture.Width; x++)
                {
                    if (picture.GetPixel(x, y).Alpha <= Faint) continue;
                    (left, top) = (Math.Min(left, x), Math.Min(top, y));
                    (right, bottom) = (Math.Max(right, x + 1), Math.Max(bottom, y + 1));
                }
            }

            if (right == 0) return null;
            double scale = Math.Min(1, (double)Side / Math.Max(right - left, bottom - top));
            int width = (int)Math.Round((right - left) * scale), height = (int)Math.Round((bottom - top) * scale);
            SKImageInfo form = new(width, height, SKColorType.Rgba8888, SKAlphaType.Premul);
            using SKSurface surface = SKSurface.Create(form);
            using SKImage whole = SKImage.FromBitmap(picture);
            surface.Canvas.DrawImage(
                whole, SKRect.Create(left, top, right - left, bottom - top), SKRect.Create(form.Width, form.Height),
                new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
            SKImage cut = surface.Snapshot();
            using SKBitmap pixels = SKBitmap.FromImage(cut);
            return new Sprite(cut, pixels);
        }
    }
}
