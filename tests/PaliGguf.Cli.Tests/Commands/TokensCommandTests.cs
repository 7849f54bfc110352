using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Imaging;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class TokensCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(255)]
    [InlineData(1)]
    public async Task A_mask_is_told_by_its_box_and_sixteen_codewords_that_keep_it(byte inside)
    {
        string mask = _folder.File("mask.png");
        ImageFile.Save(Square(40, 20, inside), mask);
        JsonElement json = (await BuiltProgram.RunAsync("tokens", mask, "--label", "turtle", "--json")).Succeeded().Json();
        // Rows 5 to 14 of 20, columns 10 to 29 of 40.
        Assert.Equal([256, 256, 767, 767], Numbers(json, "locations"));
        Assert.Equal([10, 5, 30, 15], Numbers(json, "box"));
        Assert.InRange(json.GetProperty("kept").GetDouble(), 0.9, 1);
        string suffix = "<loc0256><loc0256><loc0767><loc0767>"
            + string.Concat(Numbers(json, "codewords").Select(codeword => $"<seg{codeword:000}>")) + " turtle";
        Assert.Equal(suffix, json.GetProperty("suffix").GetString());
        Assert.Equal(suffix + "\n", (await BuiltProgram.RunAsync("tokens", mask, "--label", "turtle")).Succeeded().Output);
    }

    [Fact]
    public async Task COCO_s_runs_are_a_mask_and_its_instances_are_rows_of_training_data()
    {
        string runs = Write("mask.json", """{"size": [4, 4], "counts": [5, 2, 2, 2, 5]}""");
        Assert.Equal("<loc0256><loc0256><loc0767><loc0767>\n", (await BuiltProgram.RunAsync("tokens", runs, "--boxes")).Succeeded().Output);

        string instances = Write("instances.json", """
            {"images": [{"id": 1, "file_name": "a.png", "width": 100, "height": 50}],
             "categories": [{"id": 3, "name": "cat"}, {"id": 4, "name": "dog"}],
             "annotations": [
               {"image_id": 1, "category_id": 3, "bbox": [60, 10, 20, 20], "segmentation": [[60, 10, 80, 10, 80, 30, 60, 30]]},
               {"image_id": 1, "category_id": 4, "bbox": [10, 10, 20, 20], "segmentation": [[10, 10, 30, 10, 30, 30]]},
               {"image_id": 1, "category_id": 3, "bbox": [0, 0, 5, 5]},
               {"image_id": 1, "category_id": 3, "bbox": [0, 0, 5, 5], "iscrowd": 1}]}
            """);
        ProgramResult boxes = (await BuiltProgram.RunAsync("tokens", instances, "--boxes")).Succeeded();
        JsonElement row = boxes.Json();
        Assert.Equal("detect cat ; dog", row.GetProperty("prefix").GetString());
        Assert.Equal(
            "<loc0000><loc0000><loc0102><loc0051> cat ; <loc0205><loc0614><loc0614><loc0818> cat ; <loc0205><loc0102><loc0614><loc0307> dog",
            row.GetProperty("suffix").GetString());
        Assert.Equal("paligguf: left out 1 of the objects: 'cat': it is a crowd\n", boxes.Error);

        ProgramResult masks = (await BuiltProgram.RunAsync("tokens", instances)).Succeeded();
        Assert.Equal("segment dog ; cat", masks.Json().GetProperty("prefix").GetString());
        Assert.Matches(@"^(<loc\d{4}>){4}(<seg\d{3}>){16} dog ; (<loc\d{4}>){4}(<seg\d{3}>){16} cat$", masks.Json().GetProperty("suffix").GetString());
        Assert.Contains("'cat': it has no mask", masks.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_can_not_be_written_is_one_line()
    {
        string empty = _folder.File("empty.png");
        ImageFile.Save(new RgbImage(8, 8, new byte[192]), empty);
        Assert.Contains("empty.png: the mask is empty", (await BuiltProgram.RunAsync("tokens", empty)).OneLineError(), StringComparison.Ordinal);
        string runs = Write("mask.json", """{"size": [4, 4], "counts": [5, 2]}""");
        Assert.Contains("9 pixels before the end", (await BuiltProgram.RunAsync("tokens", runs)).OneLineError(), StringComparison.Ordinal);
        Assert.Contains("none.png", (await BuiltProgram.RunAsync("tokens", _folder.File("none.png"))).OneLineError(), StringComparison.Ordinal);
    }

    private static RgbImage Square(int width, int height, byte inside)
    {
        byte[] pixels = new byte[3 * width * height];
        for (int y = height / 4; y < 3 * height / 4; y++)
        {
            for (int x = width / 4; x < 3 * width / 4; x++) pixels.AsSpan(3 * ((y * width) + x), 3).Fill(inside);
        }

        return new RgbImage(width, height, pixels);
    }

    private static IEnumerable<int> Numbers(JsonElement json, string name) => json.GetProperty(name).EnumerateArray().Select(each => each.GetInt32());

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }
}
