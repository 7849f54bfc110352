using SkiaSharp;

namespace PaliGguf.Imaging.Drawing;

/// <summary>Draws a plan in pixels.</summary>
internal static class PixelDrawing
{
    // Skia wants four bytes a pixel: with bands of rows they are needed for a part of a large picture only.
    private const int BandBytes = 16 << 20;

    public static unsafe RgbImage Render(RgbImage picture, DrawingPlan plan, AnnotationStyle style)
    {
        DrawnPath[] paths = [.. DrawingPaths.Of(plan, style).SelectMany(drawn => drawn.Paths)];
        byte[] pixels = picture.Pixels.ToArray();
        int stride = 4 * picture.Width, rows = Math.Clamp(BandBytes / stride, 1, picture.Height);
        byte[] band = new byte[stride * rows];
        fixed (byte* address = band)
        {
            for (int top = 0; top < picture.Height; top += rows)
            {
                int height = Math.Min(rows, picture.Height - top);
                Span<byte> part = pixels.AsSpan(3 * picture.Width * top, 3 * picture.Width * height);
                for (int from = 0, to = 0; from < part.Length; from += 3, to += 4)
                    (band[to], band[to + 1], band[to + 2]) = (part[from], part[from + 1], part[from + 2]);
                using SKSurface surface =
                    SKSurface.Create(new SKImageInfo(picture.Width, height, SKColorType.Rgb888x, SKAlphaType.Opaque), (nint)address, stride)
                    ?? throw new ArgumentException($"{picture.Width} pixels are too wide to be drawn on.", nameof(picture));
                Draw(surface.Canvas, top, paths);
                surface.Canvas.Flush();
                for (int from = 0, to = 0; from < part.Length; from += 3, to += 4)
                    (part[from], part[from + 1], part[from + 2]) = (band[to], band[to + 1], band[to + 2]);
            }
        }

        return new RgbImage(picture.Width, picture.Height, pixels);
    }

    private static void Draw(SKCanvas canvas, int top, IEnumerable<DrawnPath> paths)
    {
        canvas.Translate(0, -top);
        using SKPaint paint = new() { IsAntialias = true, StrokeJoin = SKStrokeJoin.Round };
        foreach (DrawnPath drawn in paths)
        {
            paint.Color = new SKColor(drawn.Colour.Red, drawn.Colour.Green, drawn.Colour.Blue, (byte)MathF.Round(255 * drawn.Opacity));
            paint.Style = drawn.Stroke > 0 ? SKPaintStyle.Stroke : SKPaintStyle.Fill;
            paint.StrokeWidth = drawn.Stroke;
            canvas.DrawPath(drawn.Path, paint);
        }
    }
}
