using PaliGguf.Scenes.Assets;
using PaliGguf.Scenes.Drawing;
using PaliGguf.Scenes.Plans;
using PaliGguf.Scenes.Things;

namespace PaliGguf.Scenes.Tests;

/// <summary>Scenes that a test says thing by thing.</summary>
internal static class MadeScenes
{
    public static DrawnScene Draw(string colour, string? word, params ThingPlan[] things)
    {
        NamedColour named = NamedColour.All.Single(each => each.Name == colour);
        Shade shade = new(named.Red, named.Green, named.Blue);
        BackdropPlan backdrop = new(named, shade, shade, Texture.Plain, 1, 0, 0);
        WordPlan? written = word is null ? null : new WordPlan(word, 0, 0.5, 0.9, 0.1, 0, new Shade(255, 255, 255), null);
        using ScenePainter painter = new(PlainAssets.All, 100);
        return painter.Draw(new ScenePlan(backdrop, written, things, new FinishPlan(0, 0, 0, 95)));
    }

    public static ThingPlan Thing(string kind, double x, double y, double side = 0.2, string? colour = null, Sprite? sprite = null)
    {
        ThingKind named = PlainAssets.Kind(kind);
        ThingLook look = named.Looks.First(look => colour is null || look.Colour == colour);
        return new ThingPlan(named, look, sprite ?? PlainAssets.Disc, x, y, side);
    }
}
