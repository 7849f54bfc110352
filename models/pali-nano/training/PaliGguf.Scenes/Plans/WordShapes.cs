using PaliGguf.Scenes.Assets;
using SkiaSharp;

namespace PaliGguf.Scenes.Plans;

/// <summary>How large words are in a font.</summary>
internal static class WordShapes
{
    private const float Size = 256;

    /// <summary>The outline of a word at a size of type of 1, its middle at 0.</summary>
    public static SKPath Outline(SceneAssets assets, string text, int font)
    {
        using SKFont type = new(assets.Fonts[font], Size) { Hinting = SKFontHinting.None, Subpixel = true, LinearMetrics = true };
        SKPath path = type.GetTextPath(text);
        SKRect ink = path.TightBounds;
        path.Transform(SKMatrix.CreateScale(1 / Size, 1 / Size).PreConcat(SKMatrix.CreateTranslation(-ink.MidX, -ink.MidY)));
        return path;
    }

    /// <summary>The height of a capital at a size of type of 1.</summary>
    public static double Capital(SceneAssets assets, int font)
    {
        using SKPath capital = Outline(assets, "H", font);
        return capital.TightBounds.Height;
    }
}
