using PaliGguf.Scenes.Things;

namespace PaliGguf.Scenes.Plans;

/// <summary>Thinks up what is behind all: shades of one colour, so that it has a name.</summary>
internal static class BackdropPlanner
{
    private static readonly Texture[] Textures = [.. Enum.GetValues<Texture>().Where(texture => texture != Texture.Plain)];

    public static BackdropPlan Plan(SceneRandom random, SceneRules rules)
    {
        NamedColour colour = random.Pick(NamedColour.All);
        Texture texture = random.Chance(rules.Texture) ? random.Pick(Textures) : Texture.Plain;
        double depth = texture == Texture.Plain ? 0 : random.Between(0.3, 1) * colour.Depth;
        Shade middle = new(Part(colour.Red), Part(colour.Green), Part(colour.Blue));
        return new BackdropPlan(
            colour, Scale(middle, 1 - depth), Scale(middle, 1 + depth), texture, random.Next(),
            random.Between(0, 0.8) * Math.Min(colour.Depth, 0.2), random.Between(0, 360));

        double Part(double value) => value + random.Between(-colour.Spread, colour.Spread);

        Shade Scale(Shade shade, double by) => new(shade.Red * by, shade.Green * by, shade.Blue * by);
    }
}
