using System.Text.Json;
using System.Xml.Linq;
using PaliGguf.Imaging;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Page.Tests;

public sealed class ExportTests
{
    [BrowserFact]
    public Task What_was_found_is_had_as_JSON_COCO_and_SVG() => Visit.RunAsync(
        async visit =>
        {
            await visit.PickAsync(Scenes.Boat);
            await visit.AskAsync("Segment", "#labels", "boat");
            Segment boat = Assert.Single((await (await Library.Model).SegmentAsync(ImageFile.Load(Scenes.Boat), ["boat"])).Segments);

            await visit.Card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Copy JSON" }).ClickAsync();
            await Expect(visit.Page.Locator("#status")).ToHaveTextAsync("Copied.");
            using JsonDocument copied = JsonDocument.Parse(await visit.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
            JsonElement found = Assert.Single(copied.RootElement.GetProperty("detections").EnumerateArray());
            Assert.Equal("boat", found.GetProperty("label").GetString());
            Boxes.AssertSame(boat.Box, [.. found.GetProperty("box").EnumerateArray().Select(side => side.GetDouble())]);

            using JsonDocument coco = JsonDocument.Parse(await SavedAsync(visit, "Save COCO", "scene_06-segment-coco.json"));
            Assert.Equal("scene_06.png", coco.RootElement.GetProperty("images")[0].GetProperty("file_name").GetString());
            Assert.Equal("boat", coco.RootElement.GetProperty("categories")[0].GetProperty("name").GetString());
            JsonElement annotation = Assert.Single(coco.RootElement.GetProperty("annotations").EnumerateArray());
            MaskBitmap mask = boat.Mask.ToImageBitmap();
            int area = Enumerable.Range(0, mask.Height).Sum(y => Enumerable.Range(0, mask.Width).Count(x => mask[x, y]));
            Assert.Equal(area, annotation.GetProperty("area").GetInt32());
            JsonElement rle = found.GetProperty("mask").GetProperty("rle"), segmentation = annotation.GetProperty("segmentation");
            Assert.Equal(rle.GetProperty("counts").GetString(), segmentation.GetProperty("counts").GetString());
            Assert.Equal([448, 448], segmentation.GetProperty("size").EnumerateArray().Select(side => side.GetInt32()));
            Assert.Equal(boat.Box.XMax - boat.Box.XMin, annotation.GetProperty("bbox")[2].GetDouble(), 0.01);

            XElement drawing = XElement.Parse(await SavedAsync(visit, "Save SVG", "scene_06-segment.svg"));
            Assert.Equal("0 0 448 448", drawing.Attribute("viewBox")!.Value);
            Assert.StartsWith("data:image/png;base64,", drawing.Elements().First().Attribute("href")!.Value);
            Assert.Equal(["image", "path", "rect", "rect", "rect", "text"], drawing.Elements().Select(part => part.Name.LocalName));
            Assert.Equal($"boat {Visit.Percent(boat.Score)}", drawing.Elements().Last().Value);
        },
        new BrowserNewContextOptions { Permissions = ["clipboard-read", "clipboard-write"] });

    private static async Task<string> SavedAsync(Visit visit, string button, string name)
    {
        IDownload download = await visit.Page.RunAndWaitForDownloadAsync(
            () => visit.Card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = button }).ClickAsync());
        Assert.Equal(name, download.SuggestedFilename);
        return await File.ReadAllTextAsync(await download.PathAsync());
    }
}
