using System.Text.Json;
using PaliGguf.Scenes.Things;
using SkiaSharp;

namespace PaliGguf.Scenes.Assets;

/// <summary>What scenes are drawn with. Safe for use by several threads.</summary>
/// <param name="Sets">The sets of emoji.</param>
/// <param name="Fonts">The fonts of words.</param>
/// <param name="Words">Words of two to eight small letters.</param>
internal sealed record SceneAssets(IReadOnlyList<EmojiSet> Sets, IReadOnlyList<SKTypeface> Fonts, IReadOnlyList<string> Words)
{
    private const int LongestWord = 8;

    // SCOWL's most usual words; those of its larger sizes are not all fit to be shown.
    private const string WordFile = "english-words-10.json";

    private readonly Dictionary<ThingLook, Sprite[]> _sprites = ThingKinds.All.SelectMany(kind => kind.Looks).ToDictionary(
        look => look, look => Sets.Where(set => set.Sprites.ContainsKey(look)).Select(set => set.Sprites[look]).ToArray());

    /// <summary>The pictures of a look in all sets that have it.</summary>
    public IReadOnlyList<Sprite> SpritesOf(ThingLook look) => _sprites[look];

    /// <summary>Reads sets, fonts and words.</summary>
    /// <param name="cache">The packages.</param>
    /// <param name="sets">The names of the sets.</param>
    /// <exception cref="PaliException">A package is not to be had, or there is no such set.</exception>
    public static SceneAssets Read(AssetCache cache, IEnumerable<string> sets) => new(
        [.. sets.Select(Source).AsParallel().AsOrdered().Select(source => EmojiSet.Read(source, cache))],
        [.. AssetPackages.Fonts.Select(font => ReadFont(cache, font.Package, font.File))],
        ReadWords(cache));

    private static EmojiSetSource Source(string name) => AssetPackages.Emoji.FirstOrDefault(source => source.Name == name)
        ?? throw new PaliException($"There is no set '{name}': {string.Join(", ", AssetPackages.Emoji.Select(source => source.Name))}.");

    private static SKTypeface ReadFont(AssetCache cache, AssetPackage package, string file)
    {
        byte[] content = cache.Read(package, name => name.EndsWith($"/{file}.ttf", StringComparison.Ordinal)).Values.First();
        return SKTypeface.FromData(SKData.CreateCopy(content));
    }

    private static string[] ReadWords(AssetCache cache) =>
    [
        .. cache.Read(AssetPackages.Words, name => name == WordFile)
            .SelectMany(file => JsonSerializer.Deserialize<string[]>(file.Value)!)
            .Where(word => word.Length is >= 2 and <= LongestWord && word.All(char.IsAsciiLetterLower))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];
}
