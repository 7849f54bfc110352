using PaliGguf.Imaging;
using PaliGguf.Tasks;
using PaliGguf.Vision;

namespace PaliGguf.Page.Tests;

public sealed class ZoomTests
{
    private const string Scale = "document.getElementById('shown').clientWidth / document.getElementById('view').clientWidth";

    [BrowserFact]
    public Task Two_fingers_enlarge_a_large_picture_with_its_boxes_and_one_moves_it() => Visit.RunAsync(
        async visit =>
        {
            RgbImage scene = ImageFile.Load(Scenes.Bicycles);
            RgbImage large = Resampling.Resize(scene, 2000, 1500);
            byte[] file = ImageFile.Encode(large, ImageFormat.Jpeg);
            await visit.Page.SetInputFilesAsync("#file", Scenes.Payload("large.jpg", "image/jpeg", file));
            await visit.ShowsAsync("large.jpg");
            await visit.AskAsync("Detect", "#labels", "duck");
            Detection duck = Assert.Single((await (await Library.Model).DetectAsync(ImageFile.Load(file), ["duck"])).Detections);
            Phone phone = await Phone.OfAsync(visit);
            LocatorBoundingBoxResult view = (await visit.Page.Locator("#view").BoundingBoxAsync())!;
            (double x, double y) = (view.X + (view.Width / 2), view.Y + (view.Height / 2));
            double start = await visit.Page.EvaluateAsync<double>("() => scrollY");

            await phone.MoveAsync((x - 40, y, x - 100, y), (x + 40, y, x + 100, y));
            Assert.Equal(2.5, await visit.Page.EvaluateAsync<double>($"() => {Scale}"), 0.05);
            Assert.Equal(1, await visit.Page.EvaluateAsync<double>("() => visualViewport.scale"));
            Boxes.AssertSame(duck.Box, Assert.Single(await visit.BoxesAsync()).Box);

            const string Left = "() => document.getElementById('view').scrollLeft";
            double left = await visit.Page.EvaluateAsync<double>(Left);
            await phone.MoveAsync((x + 60, y, x - 60, y));
            await visit.Page.WaitForFunctionAsync($"left => ({Left})() > left + 40", left);
            Assert.Equal(start, await visit.Page.EvaluateAsync<double>("() => scrollY"));
            Boxes.AssertSame(duck.Box, Assert.Single(await visit.BoxesAsync()).Box);

            await phone.MoveAsync((x - 100, y, x - 20, y), (x + 100, y, x + 20, y));
            Assert.Equal(1, await visit.Page.EvaluateAsync<double>($"() => {Scale}"));
            // Where the picture is whole, a finger on it moves the page.
            await phone.MoveAsync((x, y - 60, x, y + 60));
            await visit.Page.WaitForFunctionAsync("start => scrollY < start - 40", start);
        },
        Phone.Options);

    [BrowserFact]
    public Task Buttons_enlarge_it_too_and_arrow_keys_move_it() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Bicycles);
        ILocator view = visit.Page.Locator("#view");
        ILocator larger = visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Enlarge the picture" });
        ILocator smaller = visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Reduce the picture" });
        await larger.FocusAsync();
        for (int press = 0; press < 2; press++) await visit.Page.Keyboard.PressAsync("Enter");
        Assert.Equal(2.56, await visit.Page.EvaluateAsync<double>($"() => {Scale}"), 0.01);
        double left = await view.EvaluateAsync<double>("view => view.scrollLeft");
        // To the picture, which is a stop of its own now.
        await view.FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await visit.Page.WaitForFunctionAsync("left => document.getElementById('view').scrollLeft > left", left);
        for (int press = 0; press < 2; press++) await smaller.ClickAsync();
        Assert.Equal(1, await visit.Page.EvaluateAsync<double>($"() => {Scale}"));
        await Expect(view).Not.ToHaveAttributeAsync("tabindex", "0");
    });
}
