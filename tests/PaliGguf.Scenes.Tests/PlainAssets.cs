using PaliGguf.Scenes.Assets;
using PaliGguf.Scenes.Things;
using PaliGguf.Tests;
using SkiaSharp;

namespace PaliGguf.Scenes.Tests;

/// <summary>Things that are discs and squares, words in a font of the repository: what is to be had without any package.</summary>
internal static class PlainAssets
{
    public static Sprite Disc { get; } = Shape((canvas, paint) => canvas.DrawCircle(50, 50, 50, paint), SKColors.Crimson);

    public static Sprite Square { get; } = Shape((canvas, paint) => canvas.DrawRect(0, 0, 100, 100, paint), SKColors.Teal);

    public static SceneAssets All { get; } = new(
        [
            new EmojiSet("plain", ThingKinds.All.SelectMany(kind => kind.Looks).Index()
                .ToDictionary(each => each.Item, each => each.Index % 2 == 0 ? Disc : Square)),
        ],
        [SKTypeface.FromFile(Path.Combine(Repository.Root, "src", "PaliGguf.Imaging", "Fonts", "NotoSans.ttf"))],
        ["at", "open", "kitchen", "mountain"]);

    public static ThingKind Kind(string name) => ThingKinds.All.Single(kind => kind.Name == name);

    private static Sprite Shape(Action<SKCanvas, SKPaint> draw, SKColor colour)
    {
        SKBitmap bitmap = new(100, 100);
        using SKCanvas canvas = new(bitmap);
        canvas.Clear();
        using SKPaint paint = new() { Color = colour, IsAntialias = true };
        draw(canvas, paint);
        return Sprite.Of(bitmap)!;
    }
}
