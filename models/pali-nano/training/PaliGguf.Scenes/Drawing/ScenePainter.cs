using PaliGguf.Scenes.Assets;
using PaliGguf.Scenes.Plans;
using PaliGguf.Tasks.Masks;
using SkiaSharp;

namespace PaliGguf.Scenes.Drawing;

/// <summary>Draws scenes at a size. For one thread at a time.</summary>
internal sealed class ScenePainter : IDisposable
{
    private readonly SceneAssets _assets;
    private readonly int _side;
    private readonly SKBitmap _picture, _layer;
    private readonly SKCanvas _canvas, _layerCanvas;

    /// <param name="assets">What the scenes are made of.</param>
    /// <param name="side">The pictures' side in pixels.</param>
    public ScenePainter(SceneAssets assets, int side)
    {
        (_assets, _side) = (assets, side);
        SKImageInfo form = new(side, side, SKColorType.Rgba8888, SKAlphaType.Premul);
        _picture = new SKBitmap(form);
        _layer = new SKBitmap(form);
        _canvas = new SKCanvas(_picture);
        _layerCanvas = new SKCanvas(_layer);
    }

    /// <summary>Draws a scene.</summary>
    public DrawnScene Draw(ScenePlan plan)
    {
        Backdrop.Paint(plan.Backdrop, _picture.GetPixelSpan(), _side);
        _picture.NotifyPixelsChanged();
        if (plan.Word is { } word) DrawWord(word);
        byte[][] covered = [.. plan.Things.Select(thing => DrawThing(thing, plan.Finish.Shadow))];
        if (plan.Finish.Blur * _side > 0.2) Blur((float)plan.Finish.Blur * _side);
        if (plan.Finish.Noise > 0) AddNoise(new SceneRandom(plan.Backdrop.Seed ^ 1), plan.Finish.Noise);
        return new DrawnScene(plan, _side, Encode(plan.Finish.Quality), Seen(plan, covered));
    }

    public void Dispose()
    {
        _canvas.Dispose();
        _layerCanvas.Dispose();
        _picture.Dispose();
        _layer.Dispose();
    }

    private void DrawWord(WordPlan word)
    {
        using SKPath outline = WordShapes.Outline(_assets, word.Text, word.Font);
        _canvas.Save();
        _canvas.Translate((float)word.X * _side, (float)word.Y * _side);
        _canvas.RotateDegrees((float)word.Angle);
        _canvas.Scale((float)word.Size * _side);
        using SKPaint paint = new() { IsAntialias = true };
        if (word.Plate is { } plate)
        {
            paint.Color = Colour(plate);
            SKRect area = outline.TightBounds;
            float margin = 0.03f / (float)word.Size;
            area.Inflate(margin, margin);
            _canvas.DrawRoundRect(area, margin, margin, paint);
        }

        paint.Color = Colour(word.Ink);
        _canvas.DrawPath(outline, paint);
        _canvas.Restore();
    }

    /// <summary>Draws a thing in front of what is there.</summary>
    /// <returns>1 where it covers more than half of a pixel.</returns>
    private byte[] DrawThing(ThingPlan thing, double shadow)
    {
        _layerCanvas.Clear();
        _layerCanvas.Save();
        _layerCanvas.Translate((float)thing.X * _side, (float)thing.Y * _side);
        _layerCanvas.RotateDegrees((float)thing.Angle);
        if (thing.Flipped) _layerCanvas.Scale(-1, 1);
        SKImage picture = thing.Sprite.Picture;
        float width = (float)(thing.Side * thing.Sprite.Shape.Width * _side);
        float height = (float)(thing.Side * thing.Sprite.Shape.Height * _side);
        using SKColorFilter lit = Colours((float)thing.Light, (float)thing.Saturation);
        using SKPaint paint = new() { IsAntialias = true, ColorFilter = lit };
        _layerCanvas.DrawImage(
            picture, SKRect.Create(picture.Width, picture.Height), SKRect.Create(-width / 2, -height / 2, width, height),
            new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear), paint);
        _layerCanvas.Restore();
        _layer.NotifyPixelsChanged();

        using SKImage layer = SKImage.FromPixels(_layer.PeekPixels());
        if (shadow > 0)
        {
            float away = 0.02f * _side;
            using SKImageFilter thrown = SKImageFilter.CreateDropShadowOnly(
                away, away, away, away, SKColors.Black.WithAlpha((byte)Math.Round(255 * shadow)));
            using SKPaint dark = new() { ImageFilter = thrown };
            _canvas.DrawImage(layer, 0, 0, SKSamplingOptions.Default, dark);
        }

        _canvas.DrawImage(layer, 0, 0, SKSamplingOptions.Default);
        byte[] covered = new byte[_side * _side];
        ReadOnlySpan<byte> pixels = _layer.GetPixelSpan();
        for (int pixel = 0; pixel < covered.Length; pixel++) covered[pixel] = (byte)(pixels[(4 * pixel) + 3] >> 7);
        return covered;
    }

    private void Blur(float sigma)
    {
        using SKImage sharp = SKImage.FromPixelCopy(_picture.PeekPixels());
        using SKImageFilter filter = SKImageFilter.CreateBlur(sigma, sigma, SKShaderTileMode.Clamp);
        using SKPaint paint = new() { ImageFilter = filter };
        _canvas.DrawImage(sharp, 0, 0, SKSamplingOptions.Default, paint);
    }

    // The mean of four even numbers is near enough to a normal one.
    private void AddNoise(SceneRandom random, double most)
    {
        Span<byte> pixels = _picture.GetPixelSpan();
        float scale = (float)(most * Math.Sqrt(3) / 128 / 2);
        for (int at = 0; at < pixels.Length; at += 4)
        {
            ulong first = random.Next(), second = random.Next();
            for (int part = 0; part < 3; part++)
            {
                int sum = (int)((first >> (16 * part)) & 255) + (int)((first >> ((16 * part) + 8)) & 255)
                    + (int)((second >> (16 * part)) & 255) + (int)((second >> ((16 * part) + 8)) & 255) - 510;
                pixels[at + part] = (byte)Math.Clamp((int)(pixels[at + part] + (sum * scale) + 0.5f), 0, 255);
            }
        }

        _picture.NotifyPixelsChanged();
    }

    private byte[] Encode(int quality)
    {
        using SKPixmap pixels = _picture.PeekPixels();
        SKJpegEncoderOptions options = new(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore);
        using SKData file = pixels.Encode(options) ?? throw new InvalidOperationException("Skia writes no JPEG.");
        return file.ToArray();
    }

    private List<SeenThing> Seen(ScenePlan plan, byte[][] covered)
    {
        List<SeenThing> seen = [];
        byte[] taken = new byte[_side * _side];
        for (int index = covered.Length - 1; index >= 0; index--)
        {
            byte[] cells = covered[index];
            for (int pixel = 0; pixel < cells.Length; pixel++)
            {
                byte whole = cells[pixel];
                cells[pixel] = (byte)(whole & ~taken[pixel]);
                taken[pixel] |= whole;
            }

            MaskBitmap mask = MaskBitmap.FromPixels(_side, _side, cells);
            if (mask.Bounds is { } box) seen.Add(new SeenThing(plan.Things[index], mask, box));
        }

        return [.. seen.OrderBy(thing => thing.Pixels.XMin + thing.Pixels.XMax)];
    }

    // Lighter or darker, and between its grey and its colours.
    private static SKColorFilter Colours(float light, float saturation)
    {
        const float Red = 0.299f, Green = 0.587f, Blue = 0.114f;
        float own = light * saturation, grey = light * (1 - saturation);
        return SKColorFilter.CreateColorMatrix(
        [
            (grey * Red) + own, grey * Green, grey * Blue, 0, 0,
            grey * Red, (grey * Green) + own, grey * Blue, 0, 0,
            grey * Red, grey * Green, (grey * Blue) + own, 0, 0,
            0, 0, 0, 1, 0,
        ]);
    }

    private static SKColor Colour(Shade shade) => new((byte)shade.Red, (byte)shade.Green, (byte)shade.Blue);
}
