namespace PaliGguf.Page.Tests;

public sealed class PhoneTests
{
    [BrowserFact]
    public Task A_question_can_be_asked_of_a_picture_without_scrolling() => Visit.RunAsync(
        async visit =>
        {
            await visit.PickAsync(Scenes.Bicycles);
            // Each task has fields of its own.
            float[] ends = await visit.Page.EvaluateAsync<float[]>(
                """
                () => [...document.querySelectorAll(".tasks label")].map(task => {
                  task.click();
                  return document.getElementById("send").getBoundingClientRect().bottom;
                })
                """);
            Assert.Equal(8, ends.Length);
            Assert.All(ends, end => Assert.InRange(end, 0, Phone.Height));
            Assert.Equal(0, await visit.Page.EvaluateAsync<int>("() => scrollY"));
        },
        Phone.Options);

    [BrowserFact]
    public Task The_picture_with_its_masks_and_the_answer_are_seen_together_and_nothing_jumps() => Visit.RunAsync(
        async visit =>
        {
            const string Places = "['#stage', '#shown', '.ask', '.card.open'].map(each => document.querySelector(each).getBoundingClientRect().top)";
            await visit.PickAsync(Scenes.Bicycles);
            await visit.Page.EvaluateAsync(
                $$"""
                () => new MutationObserver((_, observer) => {
                  observer.disconnect();
                  requestAnimationFrame(() => (window.before = {{Places}}));
                }).observe(document.getElementById("answers"), { childList: true })
                """);
            await visit.AskAsync("Segment", "#labels", "bicycle ; duck");
            float[] before = await visit.Page.EvaluateAsync<float[]>("() => window.before");
            Assert.Equal(before, await visit.Page.EvaluateAsync<float[]>($"() => {Places}"));

            IReadOnlyList<(string Label, double[] Box)> drawn = await visit.BoxesAsync();
            Assert.Equal(3, drawn.Count);
            LocatorBoundingBoxResult stage = (await visit.Page.Locator("#stage").BoundingBoxAsync())!;
            LocatorBoundingBoxResult picture = (await visit.Page.Locator("#shown").BoundingBoxAsync())!;
            LocatorBoundingBoxResult answer = (await visit.Answer.BoundingBoxAsync())!;
            Assert.InRange(picture.Y, 0, stage.Y + stage.Height - picture.Height);
            Assert.InRange(answer.Y, stage.Y + stage.Height, Phone.Height - answer.Height);

            // Another picture from here: its question is in view again.
            await visit.PickAsync(Scenes.Boat);
            LocatorBoundingBoxResult send = (await visit.Page.Locator("#send").BoundingBoxAsync())!;
            stage = (await visit.Page.Locator("#stage").BoundingBoxAsync())!;
            Assert.InRange(send.Y, stage.Y + stage.Height, Phone.Height - send.Height);
        },
        Phone.Options);

    [BrowserFact]
    public Task A_photo_can_be_taken() => Visit.RunAsync(
        async visit =>
        {
            ILocator camera = visit.Page.Locator("#camera");
            await Expect(camera).ToHaveAttributeAsync("capture", "environment");
            await Expect(camera).ToHaveAccessibleNameAsync("Take a photo");
            await Expect(visit.Page.GetByText("Take a photo")).ToBeVisibleAsync();
            await camera.SetInputFilesAsync(Scenes.Boat);
            await visit.ShowsAsync("scene_06.png");
        },
        Phone.Options);
}
