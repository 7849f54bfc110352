using PaliGguf.Scenes.Drawing;
using PaliGguf.Scenes.Things;
using PaliGguf.Tasks;

namespace PaliGguf.Scenes.Wording;

/// <summary>What there is to say of a scene as a whole. Things are named from left to right, kinds by the leftmost of each.</summary>
internal static class Captions
{
    private const string WordAlone = "a text", ThaiWordAlone = "ข้อความ";
    private static readonly string[] ThaiNumbers = ["", "หนึ่ง", "สอง", "สาม", "สี่"];
    private static readonly string[] Numbers = ["", "a", "two", "three", "four"];

    /// <summary>The things and their number.</summary>
    public static string Short(DrawnScene scene) => Body(scene, coloured: false);

    /// <summary>The things with their colours, and the background.</summary>
    public static string Whole(DrawnScene scene) => $"{Body(scene, coloured: true)} on {Background(scene)}";

    /// <summary>Each thing with its place, and the word.</summary>
    public static string Description(DrawnScene scene)
    {
        string[] parts =
        [
            .. scene.Things.Select(seen => $"{Named(seen.Thing.Look.Colour, seen.Thing.Kind.Name)} at the {PlaceOf(seen)}"),
        ];
        string text = Background(scene);
        if (parts.Length > 0) text += " with " + Join(parts);
        if (scene.Plan.Word is { } word) text += $". the text says {word.Text}";
        return text;
    }

    public static string Thai(DrawnScene scene)
    {
        string[] parts =
        [
            .. Groups(scene).Select(group => group.Key.Thai + ThaiColour(group) + ThaiNumbers[group.Count()] + group.Key.Classifier),
        ];
        string body = parts.Length switch
        {
            0 => ThaiWordAlone,
            1 => parts[0],
            _ => string.Join(' ', parts[..^1]) + " และ" + parts[^1],
        };
        return $"{body} บนพื้นหลังสี{scene.Plan.Backdrop.Colour.Thai}";
    }

    /// <summary>Where a thing is: a third of the picture from above, and one from the left.</summary>
    public static string PlaceOf(SeenThing seen)
    {
        NormalizedBox box = seen.Box;
        float across = (box.XMin + box.XMax) / 2, down = (box.YMin + box.YMax) / 2;
        string vertical = down < 1f / 3 ? "top" : down > 2f / 3 ? "bottom" : "";
        string horizontal = across < 1f / 3 ? "left" : across > 2f / 3 ? "right" : "";
        string place = $"{vertical} {horizontal}".Trim();
        return place.Length > 0 ? place : "center";
    }

    private static IEnumerable<IGrouping<ThingKind, SeenThing>> Groups(DrawnScene scene) =>
        scene.Things.GroupBy(seen => seen.Thing.Kind);

    private static string Body(DrawnScene scene, bool coloured) => scene.Things.Count == 0 ? WordAlone
        : Join([.. Groups(scene).Select(group => group.Count() == 1
            ? Named(coloured ? ColourOf(group) : null, group.Key.Name)
            : $"{Numbers[group.Count()]} {(coloured && ColourOf(group) is { } colour ? colour + " " : "")}{group.Key.Plural}")]);

    private static string Background(DrawnScene scene) => ThingKind.WithArticleOf(scene.Plan.Backdrop.Colour.Name) + " background";

    private static string Named(string? colour, string name) => ThingKind.WithArticleOf(colour is null ? name : $"{colour} {name}");

    private static string ThaiColour(IEnumerable<SeenThing> group) =>
        ColourOf(group) is { } colour ? "สี" + NamedColour.ThaiOf(colour) : "";

    /// <summary>The one colour of things; null where they have several or none.</summary>
    private static string? ColourOf(IEnumerable<SeenThing> group)
    {
        string?[] colours = [.. group.Select(seen => seen.Thing.Look.Colour).Distinct(StringComparer.Ordinal)];
        return colours.Length == 1 ? colours[0] : null;
    }

    private static string Join(string[] parts) => parts.Length == 1 ? parts[0] : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";
}
