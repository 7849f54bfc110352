using System.Text.Json.Nodes;
using PaliGguf.Imaging;
using PaliGguf.Scenes.Assets;
using SkiaSharp;

namespace PaliGguf.Scenes.Output;

/// <summary>What a folder of scenes was drawn with: enough to draw it again, and whose work is in it.</summary>
internal static class Manifest
{
    public const string File = "manifest.json";

    public static void Write(string folder, string command, SceneSettings settings, IReadOnlyList<string> sets, JsonObject more)
    {
        JsonObject manifest = new()
        {
            ["command"] = command,
            ["seed"] = settings.Seed,
            ["first"] = settings.First,
            ["scenes"] = settings.Count,
            ["side"] = settings.Side,
            ["difficulty"] = $"{settings.Difficulty}",
            ["sets"] = new JsonArray([.. sets.Select(set => (JsonNode)set)]),
        };
        foreach ((string name, JsonNode? value) in more) manifest[name] = value?.DeepClone();
        manifest["skia"] = $"{SkiaSharpVersion.Native}";
        manifest["libvips"] = $"{ImageLibrary.Version}";
        IEnumerable<AssetPackage> used =
        [
            .. AssetPackages.Emoji.Where(source => sets.Contains(source.Name)).Select(source => source.Package),
            .. AssetPackages.Fonts.Select(font => font.Package), AssetPackages.Words,
        ];
        manifest["packages"] = new JsonArray([.. used.Select(package => (JsonNode)new JsonObject
        {
            ["name"] = package.Name, ["version"] = package.Version, ["sha256"] = package.Sha256,
            ["licence"] = package.Licence, ["by"] = package.By,
        })]);
        System.IO.File.WriteAllText(Path.Combine(folder, File), Lines.Page(manifest));
    }
}
