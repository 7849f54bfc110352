using PaliGguf.Imaging;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Page.Tests;

public sealed class OverlayTests
{
    [BrowserFact]
    public Task Boxes_are_drawn_where_the_library_says_at_every_size_of_the_window() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Bicycles);
        await visit.AskAsync("Detect", "#labels", "bicycle ; duck");
        IReadOnlyList<Detection> expected = (await (await Library.Model).DetectAsync(ImageFile.Load(Scenes.Bicycles), ["bicycle", "duck"])).Detections;
        Assert.Equal(3, expected.Count);
        foreach ((int width, int height) in new[] { (1280, 900), (1000, 500), (400, 800) })
        {
            await visit.Page.SetViewportSizeAsync(width, height);
            IReadOnlyList<(string Label, double[] Box)> drawn = await visit.BoxesAsync();
            Assert.Equal(expected.Select(found => found.Label), drawn.Select(found => found.Label));
            Assert.All(expected.Zip(drawn), pair => Boxes.AssertSame(pair.First.Box, pair.Second.Box));
        }

        Assert.Equal(expected.Select(found => $"{found.Label} {Visit.Percent(found.Score)}"), await visit.Page.Locator(".tag").AllTextContentsAsync());
    });

    [BrowserFact]
    public Task Labels_are_switched_off_and_instances_brought_forward_in_the_list() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Bicycles);
        await visit.AskAsync("Detect", "#labels", "bicycle ; duck");
        ILocator bicycles = visit.Page.Locator(".box[data-label=bicycle]"), ducks = visit.Page.Locator(".box[data-label=duck]");
        await Expect(bicycles).ToHaveCountAsync(2);
        ILocator toggle = visit.Card.GetByRole(AriaRole.Checkbox, new LocatorGetByRoleOptions { Name = "bicycle × 2" });
        await toggle.UncheckAsync();
        await Expect(bicycles).ToHaveCountAsync(0);
        await Expect(ducks).ToHaveCountAsync(1);
        await toggle.CheckAsync();
        await Expect(bicycles).ToHaveCountAsync(2);

        ILocator duck = visit.Card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "duck, score" });
        await duck.FocusAsync();
        await Expect(visit.Page.Locator(".box.lit")).ToHaveCountAsync(1);
        await Expect(visit.Page.Locator(".box.lit")).ToHaveAttributeAsync("data-label", "duck");
        await duck.BlurAsync();
        await Expect(visit.Page.Locator(".box.lit")).ToHaveCountAsync(0);
    });

    [BrowserFact]
    public Task Masks_lie_over_what_they_outline_and_nothing_else() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Boat);
        RgbImage before = await ShownAsync(visit);
        await visit.AskAsync("Segment", "#labels", "boat");
        // Only the mask is of interest here.
        await visit.Page.Locator("#overlay .boxes, #overlay .tags").EvaluateAllAsync<object?>("parts => parts.forEach(part => part.remove())");
        RgbImage after = await ShownAsync(visit);

        Segment boat = Assert.Single((await (await Library.Model).SegmentAsync(ImageFile.Load(Scenes.Boat), ["boat"])).Segments);
        MaskBitmap mask = boat.Mask.ToImageBitmap();
        double scale = (double)after.Width / mask.Width;
        int inside = 0, insideChanged = 0, outside = 0, outsideChanged = 0;
        for (int y = 0; y < after.Height; y++)
        {
            for (int x = 0; x < after.Width; x++)
            {
                // Not the outline, which is simplified by a pixel and has a stroke: what has the same on all sides.
                (int column, int row) = ((int)(x / scale), (int)(y / scale));
                bool here = mask[column, row];
                if (Enumerable.Range(-4, 9).Any(step => mask[column + step, row] != here || mask[column, row + step] != here)) continue;
                bool changed = Differs(before, after, (y * after.Width) + x);
                if (here) (inside, insideChanged) = (inside + 1, insideChanged + (changed ? 1 : 0));
                else (outside, outsideChanged) = (outside + 1, outsideChanged + (changed ? 1 : 0));
            }
        }

        Assert.InRange(insideChanged, 0.98 * inside, inside);
        Assert.InRange(outsideChanged, 0, 0.002 * outside);
        Assert.True(inside > 5000 && outside > 50_000, $"{inside} inside, {outside} outside");
    });

    [BrowserFact]
    public Task The_picture_is_saved_with_what_is_drawn_over_it() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Bicycles);
        await visit.AskAsync("Detect", "#labels", "duck");
        IDownload download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Save picture" }).ClickAsync());
        Assert.Equal("scene_04-detect.png", download.SuggestedFilename);
        RgbImage original = ImageFile.Load(Scenes.Bicycles), saved = ImageFile.Load(await download.PathAsync());
        Assert.Equal((original.Width, original.Height), (saved.Width, saved.Height));
        Detection duck = Assert.Single((await (await Library.Model).DetectAsync(original, ["duck"])).Detections);
        PixelBox box = duck.Box;
        // In the middle of the right side there is a line; in the middle of the box, and in the corner of the picture, there is none.
        int middle = (int)((box.YMin + box.YMax) / 2);
        Assert.True(Differs(original, saved, (middle * saved.Width) + (int)box.XMax));
        Assert.False(Differs(original, saved, (middle * saved.Width) + (int)((box.XMin + box.XMax) / 2)));
        Assert.False(Differs(original, saved, 0));
    });

    private static async Task<RgbImage> ShownAsync(Visit visit)
    {
        await visit.Page.EvaluateAsync("() => document.getElementById('shown').scrollIntoView()");
        return ImageFile.Load(await visit.Page.Locator("#shown").ScreenshotAsync());
    }

    private static bool Differs(RgbImage left, RgbImage right, int pixel)
    {
        ReadOnlySpan<byte> one = left.Pixels.Slice(3 * pixel, 3), other = right.Pixels.Slice(3 * pixel, 3);
        return Math.Abs(one[0] - other[0]) + Math.Abs(one[1] - other[1]) + Math.Abs(one[2] - other[2]) > 12;
    }
}
