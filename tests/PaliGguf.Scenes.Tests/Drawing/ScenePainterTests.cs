using PaliGguf.Imaging;
using PaliGguf.Scenes.Drawing;
using PaliGguf.Scenes.Plans;
using PaliGguf.Tasks;

namespace PaliGguf.Scenes.Tests.Drawing;

/// <summary>The truth about a picture is that of its pixels.</summary>
public sealed class ScenePainterTests
{
    [Fact]
    public void A_box_is_around_what_is_drawn()
    {
        SeenThing seen = Assert.Single(MadeScenes.Draw("white", null, Square("key", 0.3, 0.6)).Things);
        Assert.Equal(new PixelBox(10, 40, 50, 80), seen.Pixels);
        Assert.Equal(1600, seen.Mask.Area);
    }

    [Fact]
    public void A_mask_has_the_form_of_the_thing()
    {
        SeenThing seen = Assert.Single(MadeScenes.Draw("white", null, MadeScenes.Thing("key", 0.5, 0.5, 0.6)).Things);
        Assert.InRange(seen.Mask.Area, Math.PI * 30 * 30 * 0.98, Math.PI * 30 * 30 * 1.02);
        Assert.False(seen.Mask[21, 21]);
    }

    [Fact]
    public void What_is_covered_belongs_to_the_nearer_thing()
    {
        DrawnScene scene = MadeScenes.Draw("white", null, Square("key", 0.4, 0.5), Square("cat", 0.6, 0.5));
        Assert.Equal(["key", "cat"], scene.Things.Select(seen => seen.Thing.Kind.Name));
        Assert.Equal(new PixelBox(20, 30, 40, 70), scene.Things[0].Pixels);
        Assert.Equal(new PixelBox(40, 30, 80, 70), scene.Things[1].Pixels);
    }

    [Fact]
    public void What_is_outside_of_the_picture_is_not_seen()
    {
        SeenThing seen = Assert.Single(MadeScenes.Draw("white", null, Square("key", 0.1, 0.5)).Things);
        Assert.Equal(new PixelBox(0, 30, 30, 70), seen.Pixels);
    }

    [Fact]
    public void The_file_shows_it()
    {
        DrawnScene scene = MadeScenes.Draw("white", null, Square("key", 0.5, 0.5));
        RgbImage picture = ImageFile.Load(scene.Jpeg);
        Assert.Equal((100, 100), (picture.Width, picture.Height));
        Assert.True(picture.Pixels[3 * ((50 * 100) + 50)] < 60, "the square is not teal");
        Assert.True(picture.Pixels[3 * ((10 * 100) + 10)] > 200, "the background is not white");
    }

    private static ThingPlan Square(string kind, double x, double y) => MadeScenes.Thing(kind, x, y, 0.4, sprite: PlainAssets.Square);
}
