using System.Text;
using System.Text.Json;
using PaliGguf.Scenes.Things;
using SkiaSharp;

namespace PaliGguf.Scenes.Assets;

/// <summary>The pictures of things in one style.</summary>
/// <param name="Name">The set's name.</param>
/// <param name="Sprites">What it has.</param>
internal sealed record EmojiSet(string Name, IReadOnlyDictionary<ThingLook, Sprite> Sprites)
{
    private const string Icons = "icons.json";

    /// <summary>Reads a set: icons as SVG in one file of JSON, as Iconify ships them, or a WebP file for each character.</summary>
    /// <exception cref="PaliException">Its package is not to be had.</exception>
    public static EmojiSet Read(EmojiSetSource source, AssetCache cache)
    {
        ThingLook[] looks =
        [
            .. ThingKinds.All.SelectMany(kind => kind.Looks).Where(look => !source.Without.Contains(look.Icon, StringComparer.Ordinal)),
        ];
        Dictionary<string, ThingLook> pictures = new(StringComparer.Ordinal);
        foreach (ThingLook look in looks)
        {
            pictures[$"assets/{look.CodePoint:x}.webp"] = look;
            pictures[$"assets/{look.CodePoint:x}-fe0f.webp"] = look;
        }

        IReadOnlyDictionary<string, byte[]> files = cache.Read(source.Package, name => name == Icons || pictures.ContainsKey(name));
        return files.TryGetValue(Icons, out byte[]? icons)
            ? new EmojiSet(source.Name, Drawn(icons, looks, source.Renamed))
            : new EmojiSet(source.Name, files.ToDictionary(file => pictures[file.Key], file => Sprite.Of(SKBitmap.Decode(file.Value))!));
    }

    private static Dictionary<ThingLook, Sprite> Drawn(
        byte[] json, ThingLook[] looks, Dictionary<string, string> renamed)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement, icons = root.GetProperty("icons");
        bool aliased = root.TryGetProperty("aliases", out JsonElement aliases);
        Dictionary<ThingLook, Sprite> sprites = [];
        foreach (ThingLook look in looks)
        {
            string own = renamed.GetValueOrDefault(look.Icon, look.Icon), plain = look.Icon.Replace("-", "", StringComparison.Ordinal);
            if ((Find(own) ?? Find(plain)) is { } found && Draw(found, root) is { } sprite) sprites[look] = sprite;
        }

        return sprites;

        JsonElement? Find(string name)
        {
            if (aliased && aliases.TryGetProperty(name, out JsonElement alias)) name = alias.GetProperty("parent").GetString()!;
            return icons.TryGetProperty(name, out JsonElement icon) ? icon : null;
        }
    }

    private static Sprite? Draw(JsonElement icon, JsonElement root)
    {
        double width = Number("width", 16), height = Number("height", 16);
        string size = $"width='{width}' height='{height}' viewBox='{Number("left", 0)} {Number("top", 0)} {width} {height}'";
        const string Names = "xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'";
        string svg = $"<svg {Names} {size}>{icon.GetProperty("body").GetString()}</svg>";
        return Sprite.Of(SvgRaster.Draw(Encoding.UTF8.GetBytes(svg), Sprite.Side / Math.Max(width, height)));

        double Number(string name, double other) =>
            icon.TryGetProperty(name, out JsonElement own) || root.TryGetProperty(name, out own) ? own.GetDouble() : other;
    }
}
