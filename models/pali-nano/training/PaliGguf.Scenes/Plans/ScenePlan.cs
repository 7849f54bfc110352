using PaliGguf.Scenes.Assets;
using PaliGguf.Scenes.Things;

namespace PaliGguf.Scenes.Plans;

/// <summary>Everything that a scene is, in parts of the picture's side: it can be drawn at any size.</summary>
/// <param name="Backdrop">What is behind all.</param>
/// <param name="Word">A word on it; null for none.</param>
/// <param name="Things">The things, the nearest last.</param>
/// <param name="Finish">What happens to the picture as a whole.</param>
internal sealed record ScenePlan(BackdropPlan Backdrop, WordPlan? Word, IReadOnlyList<ThingPlan> Things, FinishPlan Finish);

/// <summary>A thing and where it is.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Look">Which of the kind.</param>
/// <param name="Sprite">Its picture.</param>
/// <param name="X">The middle, from the left.</param>
/// <param name="Y">The middle, from the top.</param>
/// <param name="Side">The longer side.</param>
/// <param name="Angle">How far it is turned, in degrees.</param>
/// <param name="Flipped">Whether left and right are exchanged.</param>
/// <param name="Light">What its colours are multiplied by.</param>
/// <param name="Saturation">How much of its colours is left: 0 would be grey.</param>
internal sealed record ThingPlan(
    ThingKind Kind,
    ThingLook Look,
    Sprite Sprite,
    double X,
    double Y,
    double Side,
    double Angle = 0,
    bool Flipped = false,
    double Light = 1,
    double Saturation = 1);

/// <summary>A word and where it is.</summary>
/// <param name="Text">The word.</param>
/// <param name="Font">The number of its font.</param>
/// <param name="X">The middle of what is seen of it, from the left.</param>
/// <param name="Y">The same from the top.</param>
/// <param name="Size">The size of type.</param>
/// <param name="Angle">How far it is turned, in degrees.</param>
/// <param name="Ink">Its colour.</param>
/// <param name="Plate">The colour of the plate that it stands on; null for none.</param>
internal sealed record WordPlan(string Text, int Font, double X, double Y, double Size, double Angle, Shade Ink, Shade? Plate);

/// <summary>What is behind all.</summary>
/// <param name="Colour">Its colour.</param>
/// <param name="Dark">The darker of the two shades that its texture is made of.</param>
/// <param name="Light">The lighter.</param>
/// <param name="Texture">The texture.</param>
/// <param name="Seed">Of the texture.</param>
/// <param name="Slope">How much lighter it becomes from one side to the other.</param>
/// <param name="Direction">Where to, in degrees.</param>
internal sealed record BackdropPlan(
    NamedColour Colour, Shade Dark, Shade Light, Texture Texture, ulong Seed, double Slope, double Direction)
{
    public Shade Middle => new((Dark.Red + Light.Red) / 2, (Dark.Green + Light.Green) / 2, (Dark.Blue + Light.Blue) / 2);
}

/// <summary>What happens to the picture as a whole.</summary>
/// <param name="Shadow">How dark shadows are, 0 for none.</param>
/// <param name="Blur">How far it is out of focus, as a part of its side.</param>
/// <param name="Noise">The noise, of 255.</param>
/// <param name="Quality">The quality of the JPEG file.</param>
internal sealed record FinishPlan(double Shadow, double Blur, double Noise, int Quality);

/// <summary>A colour, its parts from 0 to 255.</summary>
internal readonly record struct Shade(double Red, double Green, double Blue)
{
    /// <summary>How light it seems.</summary>
    public double Luminance => (0.299 * Red) + (0.587 * Green) + (0.114 * Blue);
}

/// <summary>What a backdrop's shades alternate in.</summary>
internal enum Texture
{
    Plain,
    Clouds,
    Grain,
    Marble,
    Stripes,
    Checks,
    Dots,
    Bricks,
    Lights,
    Halo,
}
