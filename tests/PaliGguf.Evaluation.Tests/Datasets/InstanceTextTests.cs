using System.Text.Json;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Tasks.Masks;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Datasets;

public sealed class InstanceTextTests
{
    private static readonly PictureSize Size = new(100, 50);

    [Fact]
    public void Objects_are_written_as_the_reference_writes_them()
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Golden("training"), "boxes.json")));
        JsonElement[] pictures = [.. json.RootElement.GetProperty("detections").EnumerateArray()];
        Assert.NotEmpty(pictures);
        foreach (JsonElement picture in pictures)
        {
            ExpectedObject[] objects = [.. picture.GetProperty("objects").EnumerateArray().Select(Object)];
            PictureSize size = new(picture.GetProperty("width").GetInt32(), picture.GetProperty("height").GetInt32());
            InstanceText text = InstanceText.Of(objects, size, masks: null);
            Assert.Equal(picture.GetProperty("prefix").GetString() ?? "", text.Prefix);
            Assert.Equal(picture.GetProperty("suffix").GetString(), text.Suffix);
        }
    }

    [Fact]
    public void Labels_come_by_their_leftmost_object_and_objects_from_left_to_right()
    {
        ExpectedObject[] objects = [At("dog", 40), At("cat", 60), At("dog", 80), At("cat", 20)];
        InstanceText text = InstanceText.Of(objects, Size, masks: null);
        Assert.Equal("detect cat ; dog", text.Prefix);
        Assert.Equal(["cat", "cat", "dog", "dog"], text.Suffix.Split(" ; ").Select(each => each.Split(' ')[1]));
        Assert.Equal(["<loc0205>", "<loc0614>", "<loc0409>", "<loc0818>"], text.Suffix.Split(" ; ").Select(each => each[9..18]));
    }

    [Fact]
    public void What_can_not_be_written_is_left_out_with_its_reason()
    {
        MaskEncoder masks = MaskEncoder.Read(Path.Combine(Repository.PaliNano, "mmproj-pali-nano-Q8_0.gguf"))!;
        RunLengthMask mask = RunLengthMask.FromRuns(100, 50, [0, 5000]);
        ExpectedObject[] objects =
        [
            At("crowd", 0) with { IsCrowd = true, Mask = ObjectMask.Of(mask) },
            At(" ", 0) with { Mask = ObjectMask.Of(mask) },
            At("bare", 0),
            At("other", 0) with { Mask = ObjectMask.Of(RunLengthMask.FromRuns(10, 10, [0, 100])) },
            At("thin", 0) with { Mask = ObjectMask.Of(mask), Box = new CocoBox(3, 3, 0.1, 10) },
            At("outside", 200) with { Mask = ObjectMask.Of(mask) },
            At("fine", 0) with { Mask = ObjectMask.Of(mask) },
        ];
        InstanceText text = InstanceText.Of(objects, Size, masks);
        Assert.Equal("segment fine", text.Prefix);
        Assert.Equal(
            [
                "'crowd': it is a crowd", "'': it has no label", "'bare': it has no mask", "'other': its mask is 10 x 10, the picture 100 x 50",
                "'thin': its box has no whole pixel in the picture", "'outside': its box has no whole pixel in the picture",
            ],
            text.LeftOut);
    }

    private static ExpectedObject At(string label, double left) => new(label, new CocoBox(left, 10, 10, 10), Mask: null, ToldArea: 100);

    private static ExpectedObject Object(JsonElement json)
    {
        double[] sides = [.. json.GetProperty("box_x0y0x1y1").EnumerateArray().Select(side => side.GetDouble())];
        return new ExpectedObject(
            json.GetProperty("label").GetString()!, new CocoBox(sides[0], sides[1], sides[2] - sides[0], sides[3] - sides[1]), null,
            ToldArea: 1);
    }
}
