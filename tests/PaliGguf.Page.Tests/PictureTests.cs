using PaliGguf.Imaging;
using PaliGguf.Tasks;

namespace PaliGguf.Page.Tests;

public sealed class PictureTests
{
    [BrowserFact]
    public Task A_picture_that_is_dropped_or_pasted_is_shown() => Visit.RunAsync(async visit =>
    {
        await visit.Page.DispatchEventAsync("#stage", "drop", new { dataTransfer = await TransferAsync(visit.Page, Scenes.Boat) });
        await visit.ShowsAsync("scene_06.png");
        await visit.AskAsync("Caption");
        await Expect(visit.Answer).ToHaveTextAsync("a boat and a rocket on a yellow background");
        await visit.Page.EvaluateAsync(
            "data => document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))", await TransferAsync(visit.Page, Scenes.Bicycles));
        await visit.ShowsAsync("scene_04.png");
    });

    [BrowserFact]
    public Task A_sample_brings_words_to_look_for() => Visit.RunAsync(async visit =>
    {
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "A lion, bicycles and a duck" }).ClickAsync();
        await visit.ShowsAsync("scene_04.png");
        await visit.AskAsync("Detect");
        await Expect(visit.Answer).ToHaveTextAsync("Found 2 × bicycle, 1 × duck, 1 × lion.");
    });

    [BrowserFact]
    public Task A_file_that_is_no_picture_is_told_and_changes_nothing() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Boat);
        visit.ExpectsFailures = true;
        await visit.Page.SetInputFilesAsync("#file", Scenes.Payload("notes.txt", "text/plain", "hello"u8.ToArray()));
        await Expect(visit.Alert).ToContainTextAsync("This is no picture");
        await Expect(visit.Alert).ToContainTextAsync("this is text, not an image");
        await visit.Page.SetInputFilesAsync("#file", Scenes.Payload("half.png", "image/png", File.ReadAllBytes(Scenes.Boat)[..5000]));
        await Expect(visit.Alert).ToContainTextAsync("The picture can not be read");
        await visit.Alert.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Dismiss" }).ClickAsync();
        await Expect(visit.Alert).ToBeHiddenAsync();
        await visit.ShowsAsync("scene_06.png");
    });

    [BrowserFact]
    public Task A_photo_that_was_taken_sideways_is_shown_and_boxed_upright() => Visit.RunAsync(async visit =>
    {
        RgbImage upright = Scenes.Lower(ImageFile.Load(Scenes.Bicycles));
        byte[] file = Scenes.TurnedJpeg(upright);
        RgbImage seen = ImageFile.Load(file);
        Assert.Equal((upright.Width, upright.Height), (seen.Width, seen.Height));
        await visit.Page.SetInputFilesAsync("#file", Scenes.Payload("photo.jpg", "image/jpeg", file));
        await visit.ShowsAsync("photo.jpg");

        int[] shown = await visit.Page.EvaluateAsync<int[]>(
            """
            () => {
              const image = document.getElementById("shown"), canvas = document.createElement("canvas");
              [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
              canvas.getContext("2d").drawImage(image, 0, 0);
              return [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data];
            }
            """);
        Assert.Equal(4 * seen.Width * seen.Height, shown.Length);
        double difference = 0;
        for (int pixel = 0; pixel < seen.Width * seen.Height; pixel++) difference += Math.Abs(shown[(4 * pixel) + 1] - seen.Pixels[(3 * pixel) + 1]);
        Assert.InRange(difference / (seen.Width * seen.Height), 0, 2);

        await visit.AskAsync("Detect", "#labels", "duck");
        Detection expected = Assert.Single((await (await Library.Model).DetectAsync(seen, ["duck"])).Detections);
        (_, double[] box) = Assert.Single(await visit.BoxesAsync());
        Boxes.AssertSame(expected.Box, box);
    });

    [BrowserFact]
    public Task A_picture_that_the_browser_can_not_show_is_shown_as_the_server_sees_it() => Visit.RunAsync(async visit =>
    {
        byte[] file = ImageFile.Encode(ImageFile.Load(Scenes.Boat), ImageFormat.Tiff);
        await visit.Page.SetInputFilesAsync("#file", Scenes.Payload("scan.tiff", "image/tiff", file));
        await visit.ShowsAsync("scan.tiff");
        Assert.Equal(448, await visit.Page.EvaluateAsync<int>("() => document.getElementById('shown').naturalWidth"));
        Assert.Contains(visit.Requests, request => request.Method == "GET" && request.Url.Contains("/api/pictures/", StringComparison.Ordinal));
    });

    [BrowserFact]
    public async Task A_picture_that_the_server_keeps_no_more_is_sent_again()
    {
        // Room for one of the two.
        await using Site site = await Site.StartAsync(options => options with { PictureStore = 150_000 });
        await Visit.RunAsync(site, async visit =>
        {
            await visit.PickAsync(Scenes.Boat);
            await visit.AskAsync("Caption");
            await visit.PickAsync(Scenes.Bicycles);
            await visit.Cards.First.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Caption" }).ClickAsync();
            visit.ExpectsFailures = true;
            await visit.Card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Ask again" }).ClickAsync();
            await Expect(visit.Cards).ToHaveCountAsync(2);
            await visit.DoneAsync();
            await Expect(visit.Answer).ToHaveTextAsync("a boat and a rocket on a yellow background");
        });
    }

    private static Task<IJSHandle> TransferAsync(IPage page, string path) => page.EvaluateHandleAsync(
        """
        ([name, data]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([Uint8Array.from(atob(data), letter => letter.charCodeAt(0))], name, { type: "image/png" }));
          return transfer;
        }
        """,
        new[] { Path.GetFileName(path), Convert.ToBase64String(File.ReadAllBytes(path)) });
}
