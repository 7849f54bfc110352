using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Conversion;
using PaliGguf.Imaging;
using PaliGguf.Tasks.Masks;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class SegmentCommandTests
{
    private readonly Scene _scene = new("scene_01");

    [Fact]
    public async Task Json_has_the_mask_over_the_picture_as_runs_and_polygons()
    {
        JsonElement json = (await SegmentAsync("turtle", "--json")).Json();
        JsonElement found = Assert.Single(json.GetProperty("detections").EnumerateArray());
        Assert.Equal(["label", "score", "box", "boxNormalized", "mask"], Names(found));
        Assert.True(Scene.Overlap(Scene.Doubles(found.GetProperty("box")), _scene.Box("turtle")) > 0.5);

        JsonElement mask = found.GetProperty("mask");
        Assert.Equal(["rle", "polygons"], Names(mask));
        Assert.Equal(["size", "counts"], Names(mask.GetProperty("rle")));
        Assert.Equal([_scene.Height, _scene.Width], mask.GetProperty("rle").GetProperty("size").EnumerateArray().Select(side => side.GetInt32()));
        MaskBitmap bitmap = RunLengthMask.FromCounts(_scene.Width, _scene.Height, mask.GetProperty("rle").GetProperty("counts").GetString()!).ToBitmap();
        bool[] truth = _scene.Mask("turtle");
        int both = 0, either = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            bool inside = bitmap.Pixels[i] != 0;
            both += inside && truth[i] ? 1 : 0;
            either += inside || truth[i] ? 1 : 0;
        }

        Assert.True(both > 0.4 * either, $"{both} of {either} pixels");
        JsonElement polygon = mask.GetProperty("polygons").EnumerateArray().First();
        Assert.Equal(["outer", "holes"], Names(polygon));
        Assert.All(polygon.GetProperty("outer").EnumerateArray(), point => Assert.Equal(2, point.GetArrayLength()));
    }

    [Fact]
    public async Task What_is_not_there_is_an_empty_list() =>
        Assert.Empty((await SegmentAsync("guitar", "--json")).Json().GetProperty("detections").EnumerateArray());

    [Theory]
    [InlineData("png")]
    [InlineData("svg")]
    public async Task A_drawing_has_the_shape(string ending)
    {
        using TemporaryFolder folder = new();
        string file = folder.File("found." + ending);
        Assert.StartsWith("turtle  ", (await SegmentAsync("turtle", "--out", file)).Output);
        if (ending == "svg")
        {
            Assert.Contains("<path", await File.ReadAllTextAsync(file));
            return;
        }

        RgbImage original = ImageFile.Load(_scene.Picture), drawn = ImageFile.Load(file);
        int changed = Enumerable.Range(0, original.Width * original.Height).Count(i => !original.Pixels.Slice(3 * i, 3).SequenceEqual(drawn.Pixels.Slice(3 * i, 3)));
        // Much more than the lines of a box.
        Assert.True(changed > _scene.Mask("turtle").Count(inside => inside) / 2, $"{changed} pixels are changed");
    }

    private async Task<ProgramResult> SegmentAsync(params string[] arguments)
    {
        string model = Path.GetDirectoryName((await ConvertedModels.PaliNano(ModelFileType.Q8_0)).TextPath)!;
        return (await BuiltProgram.RunAsync(["segment", _scene.Picture, .. arguments, "--model", model])).Succeeded();
    }

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(property => property.Name);
}
