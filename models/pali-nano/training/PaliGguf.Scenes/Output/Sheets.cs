using PaliGguf.Imaging;
using PaliGguf.Imaging.Drawing;
using PaliGguf.Scenes.Assets;
using PaliGguf.Scenes.Drawing;
using PaliGguf.Scenes.Things;
using PaliGguf.Tasks;
using SkiaSharp;

namespace PaliGguf.Scenes.Output;

/// <summary>Pictures for a person to judge by.</summary>
internal static class Sheets
{
    private const int Cell = 96;

    /// <summary>Every look in every set, a column for each set.</summary>
    public static void WriteSprites(string path, SceneAssets assets)
    {
        ThingLook[] looks = [.. ThingKinds.All.SelectMany(kind => kind.Looks)];
        const int Rows = 16;
        int blocks = (looks.Length + Rows - 1) / Rows, width = (assets.Sets.Count * Cell) + (Cell / 2);
        using SKSurface surface = SKSurface.Create(new SKImageInfo(blocks * width, Rows * Cell));
        surface.Canvas.Clear(SKColors.LightGray);
        for (int index = 0; index < looks.Length; index++)
        {
            for (int set = 0; set < assets.Sets.Count; set++)
            {
                if (!assets.Sets[set].Sprites.TryGetValue(looks[index], out Sprite? sprite)) continue;
                float across = (float)sprite.Shape.Width * (Cell - 6), down = (float)sprite.Shape.Height * (Cell - 6);
                float x = (index / Rows * width) + ((set + 0.5f) * Cell), y = ((index % Rows) + 0.5f) * Cell;
                surface.Canvas.DrawImage(
                    sprite.Picture, SKRect.Create(sprite.Picture.Width, sprite.Picture.Height),
                    SKRect.Create(x - (across / 2), y - (down / 2), across, down),
                    new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
            }
        }

        Save(surface, path);
    }

    /// <summary>Scenes side by side, each without and with its boxes and masks.</summary>
    public static void WriteScenes(string path, SceneAssets assets, SceneSettings settings)
    {
        const int Columns = 4;
        DrawnScene[] scenes = [.. new SceneSource(assets, settings).Each(settings.Learned, (_, scene, _) => scene)];
        int rows = (scenes.Length + Columns - 1) / Columns, side = settings.Side;
        using SKSurface surface = SKSurface.Create(new SKImageInfo(2 * Columns * side, rows * side));
        for (int index = 0; index < scenes.Length; index++)
        {
            (int row, int column) = Math.DivRem(index, Columns);
            using SKBitmap plain = SKBitmap.Decode(scenes[index].Jpeg);
            surface.Canvas.DrawBitmap(plain, 2 * column * side, row * side, SKSamplingOptions.Default);
            using SKBitmap told = SKBitmap.Decode(ImageFile.Encode(Told(scenes[index]), ImageFormat.Png));
            surface.Canvas.DrawBitmap(told, ((2 * column) + 1) * side, row * side, SKSamplingOptions.Default);
        }

        Save(surface, path);
    }

    private static RgbImage Told(DrawnScene scene) => new AnnotatedPicture(
        ImageFile.Load(scene.Jpeg),
        scene.Things.Select(Told)).Render();

    private static Annotation Told(SeenThing seen)
    {
        PixelBox box = seen.Pixels;
        return new Annotation(seen.Thing.Kind.Name, new AnnotationBox(box.XMin, box.YMin, box.XMax, box.YMax))
        {
            Mask = new AnnotationMask(seen.Mask.Pixels, seen.Mask.Width, seen.Mask.Height),
        };
    }

    private static void Save(SKSurface surface, string path)
    {
        using SKImage image = surface.Snapshot();
        using SKData file = image.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, file.ToArray());
    }
}
