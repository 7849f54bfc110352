using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using PaliGguf.Scenes.Assets;
using PaliGguf.Scenes.Things;
using PaliGguf.Tests;

namespace PaliGguf.Scenes.Tests.Assets;

/// <summary>Packages: the pinned content, or none.</summary>
public sealed class AssetCacheTests
{
    private const string Icons = """
        {"width": 32, "height": 32,
         "icons": {"dog": {"body": "<path fill='#00f' d='M4 4h16v8H4z'/>"},
                   "redapple": {"width": 64, "body": "<circle cx='32' cy='16' r='16'/>"}},
         "aliases": {"cat": {"parent": "dog"}}}
        """;

    [Fact]
    public void Files_are_read_from_the_archive()
    {
        using TemporaryFolder folder = new();
        AssetPackage package = Packed(folder, "hello", Archive(("package/a.txt", "one"), ("package/b.txt", "two")));
        IReadOnlyDictionary<string, byte[]> files = new AssetCache(folder.Path).Read(package, name => name == "b.txt");
        Assert.Equal("two", Encoding.UTF8.GetString(Assert.Single(files).Value));
    }

    [Fact]
    public void An_archive_with_another_content_is_refused()
    {
        using TemporaryFolder folder = new();
        AssetPackage package = Packed(folder, "hello", Archive(("package/a.txt", "one")));
        folder.Write(package.File, Archive(("package/a.txt", "other")));
        PaliException e = Assert.Throws<PaliException>(() => new AssetCache(folder.Path).Read(package, _ => true));
        Assert.Contains("is not the pinned hello 1.0.0", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Icons_are_drawn_and_cut_to_what_is_seen()
    {
        using TemporaryFolder folder = new();
        AssetPackage package = Packed(folder, "@iconify-json/some", Archive(("package/icons.json", Icons)));
        EmojiSet set = EmojiSet.Read(new EmojiSetSource("some", package), new AssetCache(folder.Path));
        Dictionary<string, Sprite> sprites = set.Sprites.ToDictionary(each => each.Key.Icon, each => each.Value, StringComparer.Ordinal);
        Assert.Equal(["cat", "dog", "red-apple"], sprites.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((1, 0.5), sprites["dog"].Shape);
        Assert.Equal(1, sprites["dog"].Filled);
        Assert.Equal(0.785, sprites["red-apple"].Filled, tolerance: 0.02);
    }

    [Fact]
    public void Every_package_is_pinned() => Assert.All(AssetPackages.All, package => Assert.Matches("^[0-9a-f]{64}$", package.Sha256));

    [Fact]
    public void Things_are_those_of_the_models_card()
    {
        string card = File.ReadAllText(Path.Combine(Repository.PaliNano, "README.md")).ReplaceLineEndings(" ");
        string names = card[(card.IndexOf("X is one of: ", StringComparison.Ordinal) + "X is one of: ".Length)..];
        Assert.Equal(names[..names.IndexOf('.', StringComparison.Ordinal)].Split(", "), ThingKinds.All.Select(kind => kind.Name));
    }

    private static AssetPackage Packed(TemporaryFolder folder, string name, byte[] archive)
    {
        AssetPackage package = new(name, "1.0.0", Convert.ToHexStringLower(SHA256.HashData(archive)), "MIT", "nobody");
        folder.Write(package.File, archive);
        return package;
    }

    private static byte[] Archive(params (string Name, string Text)[] files)
    {
        using MemoryStream packed = new();
        using (GZipStream zipped = new(packed, CompressionLevel.Fastest))
        using (TarWriter archive = new(zipped))
        {
            foreach ((string name, string text) in files)
            {
                using MemoryStream content = new(Encoding.UTF8.GetBytes(text));
                archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content });
            }
        }

        return packed.ToArray();
    }
}
