using System.Globalization;
using System.Text.Json;
using PaliGguf.Imaging;
using PaliGguf.Tasks;

namespace PaliGguf.Page.Tests;

public sealed class BatchTests
{
    private static readonly FilePayload Boat = Scenes.Payload("=boat, small.png", "image/png", File.ReadAllBytes(Scenes.Boat));
    private static readonly FilePayload Bicycles = Scenes.Payload("bicycles.png", "image/png", File.ReadAllBytes(Scenes.Bicycles));
    private static readonly FilePayload Notes = Scenes.Payload("notes.png", "image/png", "hello"u8.ToArray());

    [BrowserFact]
    public Task Several_pictures_are_answered_one_after_the_other() => Visit.RunAsync(async visit =>
    {
        visit.ExpectsFailures = true;
        await ChooseAsync(visit, [Boat, Notes, Bicycles]);
        await Expect(visit.Page.Locator("#pending")).ToContainTextAsync("3 pictures");
        await StartAsync(visit);
        ILocator card = visit.Page.Locator(".batch");
        await Expect(card).ToHaveAttributeAsync("data-state", "done");
        await Expect(card.Locator(".batch-state")).ToHaveTextAsync("3 of 3 done, 1 without an answer.");
        await Expect(card.Locator(".results .failed")).ToContainTextAsync("notes.pngNo answer. This is no picture");
        await Expect(visit.Page.Locator("#pending")).ToBeHiddenAsync();

        PaliModel model = await Library.Model;
        Detection rocket = Assert.Single((await model.DetectAsync(ImageFile.Load(Scenes.Boat), ["rocket", "duck"])).Detections);
        string[] rows = (await SavedAsync(visit, "Save CSV")).Split("\r\n");
        Assert.Equal("file,width,height,task,answer,label,score,x_min,y_min,x_max,y_max,error", rows[0]);
        // In quotes for its comma, and no formula.
        const string Start = "\"'=boat, small.png\",448,448,detect,Found 1 × rocket.,rocket,";
        Assert.StartsWith(Start, rows[1]);
        string[] numbers = rows[1][Start.Length..].Split(',');
        Assert.Equal(rocket.Score, float.Parse(numbers[0], CultureInfo.InvariantCulture), 0.001f);
        Boxes.AssertSame(rocket.Box, [.. numbers[1..5].Select(number => double.Parse(number, CultureInfo.InvariantCulture))]);
        Assert.StartsWith("notes.png,,,detect,,,,,,,,\"This is no picture: ", rows[2]);
        Assert.StartsWith("bicycles.png,448,448,detect,Found 1 × duck.,duck,", rows[3]);
        Assert.Equal(["", 5], new object[] { rows[^1], rows.Length });

        using JsonDocument json = JsonDocument.Parse(await SavedAsync(visit, "Save JSON"));
        IEnumerable<string?> names = json.RootElement.EnumerateArray().Select(result => result.GetProperty("file").GetString());
        Assert.Equal(["=boat, small.png", "notes.png", "bicycles.png"], names);
        Assert.Equal("duck", json.RootElement[2].GetProperty("detections")[0].GetProperty("label").GetString());
    });

    [BrowserFact]
    public Task They_can_be_stopped_and_what_was_answered_stays() => Visit.RunAsync(async visit =>
    {
        await ChooseAsync(visit, [Boat, Bicycles]);
        TaskCompletionSource held = new();
        int asked = 0;
        await visit.Page.RouteAsync("**/api/detect", async route =>
        {
            if (++asked == 1)
            {
                await route.ContinueAsync();
                return;
            }

            await held.Task;
            await route.AbortAsync();
        });
        await StartAsync(visit);
        ILocator card = visit.Page.Locator(".batch");
        await Expect(card.Locator("progress")).ToHaveJSPropertyAsync("value", 1);
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Stop" }).ClickAsync();
        await Expect(card).ToHaveAttributeAsync("data-state", "stopped");
        held.SetResult();
        await Expect(card.Locator(".batch-state")).ToHaveTextAsync("1 of 2 done; stopped.");
        Assert.Equal(3, (await SavedAsync(visit, "Save CSV")).Split("\r\n").Length);
    });

    private static async Task ChooseAsync(Visit visit, FilePayload[] files)
    {
        await visit.Page.SetInputFilesAsync("#file", files);
        await visit.ShowsAsync(files[0].Name);
    }

    private static async Task StartAsync(Visit visit) => await visit.Page.EvaluateAsync(
        """
        () => {
          document.querySelector("[value=detect]").click();
          document.getElementById("labels").value = "rocket ; duck";
          document.getElementById("send").click();
        }
        """);

    private static async Task<string> SavedAsync(Visit visit, string button)
    {
        IDownload download = await visit.Page.RunAndWaitForDownloadAsync(
            () => visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button }).ClickAsync());
        return await File.ReadAllTextAsync(await download.PathAsync());
    }
}
