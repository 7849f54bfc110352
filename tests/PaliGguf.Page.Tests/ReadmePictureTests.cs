namespace PaliGguf.Page.Tests;

/// <summary>The visit that the README shows. With PALIGGUF_PICTURES set to a folder, its picture is made there (dotnet cake --target=Pictures).</summary>
public sealed class ReadmePictureTests
{
    private const string Setting = "PALIGGUF_PICTURES";

    [BrowserFact]
    public Task A_visit_as_the_README_shows_it() => Visit.RunAsync(
        async visit =>
        {
            // The time of day is the only thing that differs between two such visits.
            await visit.Page.Clock.SetFixedTimeAsync(new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc));
            await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "A lion, bicycles and a duck" }).ClickAsync();
            await visit.ShowsAsync("scene_04.png");
            await visit.AskAsync("Caption");
            await Expect(visit.Answer).ToHaveTextAsync("a lion, two bicycles and a duck on a yellow background");
            await visit.AskAsync("Ask");
            await Expect(visit.Answer).ToHaveTextAsync("lion");
            await visit.AskAsync("Segment");
            await Expect(visit.Answer).ToHaveTextAsync("Found 2 × bicycle, 1 × duck, 1 × lion.");
            await visit.Page.Locator("h1").ClickAsync();
            await visit.Page.EvaluateAsync("() => { document.activeElement.blur(); scrollTo(0, 0); }");
            byte[] picture = await visit.Page.ScreenshotAsync(new PageScreenshotOptions { Type = ScreenshotType.Jpeg, Quality = 90 });
            Assert.Equal((1280, 900), (Imaging.ImageFile.Load(picture).Width, Imaging.ImageFile.Load(picture).Height));
            if (Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } folder) await File.WriteAllBytesAsync(Path.Combine(folder, "page.jpg"), picture);
        },
        new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 }, TimezoneId = "UTC" });
}
