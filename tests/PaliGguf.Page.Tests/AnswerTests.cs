using System.Text.RegularExpressions;
using PaliGguf.Imaging;
using PaliGguf.Language;

namespace PaliGguf.Page.Tests;

public sealed class AnswerTests
{
    [BrowserFact]
    public Task A_caption_is_written_as_it_comes_and_is_the_library_s() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Bicycles);
        await visit.Page.EvaluateAsync(
            """
            () => {
              window.seen = [];
              const look = () => {
                const text = document.querySelector(".card.open[data-state=running] .answer")?.textContent;
                if (text && text !== window.seen.at(-1)) window.seen.push(text);
              };
              new MutationObserver(look).observe(document.getElementById("answers"), { childList: true, subtree: true });
            }
            """);
        IResponse response = await visit.Page.RunAndWaitForResponseAsync(() => visit.AskAsync("Describe"), answer => answer.Url.EndsWith("/api/describe", StringComparison.Ordinal));
        Assert.Equal("text/event-stream", response.Headers["content-type"]);

        string expected = await (await Library.Model).DescribeAsync(ImageFile.Load(Scenes.Bicycles));
        await Expect(visit.Answer).ToHaveTextAsync(expected);
        string[] seen = await visit.Page.EvaluateAsync<string[]>("() => window.seen");
        Assert.True(seen.Length > 5, string.Join(" | ", seen));
        Assert.All(seen.Zip(seen.Skip(1)), pair => Assert.StartsWith(pair.First, pair.Second));
        Assert.StartsWith(seen[^1], expected);
    });

    [BrowserFact]
    public Task Further_questions_send_no_picture() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Bicycles);
        await visit.AskAsync("Caption");
        await visit.AskAsync("Ask", "#question", "what is at the top?");
        await Expect(visit.Answer).ToHaveTextAsync("lion");
        // What the tower made of it is kept as well.
        await Expect(visit.Card.Locator(".timings")).ToContainTextAsync("seen before");
        await visit.AskAsync("Detect", "#labels", "duck");
        IRequest[] posts = [.. visit.Requests.Where(request => request.Method == "POST")];
        Assert.Equal(["pictures", "caption", "answer", "detect"], posts.Select(request => request.Url[(request.Url.LastIndexOf('/') + 1)..]));
        Assert.All(posts.Skip(1), request => Assert.InRange(request.PostDataBuffer!.Length, 1, 1000));
    });

    [BrowserFact]
    public Task Captions_come_in_other_languages() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Boat);
        await visit.AskAsync("Caption", "#language", "th");
        await Expect(visit.Answer).ToHaveTextAsync("เรือหนึ่งลำ และจรวดหนึ่งลำ บนพื้นหลังสีเหลือง");
        await Expect(visit.Answer).ToHaveAttributeAsync("lang", "th");
        await Expect(visit.Card).ToContainTextAsync("Caption in Thai");
    });

    [BrowserFact]
    public Task Answers_to_choose_from_get_the_library_s_probabilities() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Boat);
        await visit.Page.Locator("#candidates").EvaluateAsync("field => (field.value = 'yes ; no')");
        await visit.AskAsync("Choose", "#prompt", "answer en is there a rocket?");
        IReadOnlyList<Choice> expected = await (await Library.Model).ChooseAsync(ImageFile.Load(Scenes.Boat), "answer en is there a rocket?", ["yes", "no"]);
        Assert.Equal(["yes", "no"], await visit.Card.Locator(".choices dt").AllTextContentsAsync());
        await Expect(visit.Answer).ToHaveTextAsync($"yes ({Visit.Percent(expected[0].Probability)})");
    });

    [BrowserFact]
    public Task Escape_stops_an_answer() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Boat);
        TaskCompletionSource held = new();
        await visit.Page.RouteAsync("**/api/caption", async route =>
        {
            // The page has given up when it goes on.
            await held.Task;
            await route.AbortAsync();
        });
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Ask", Exact = true }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Stop" })).ToBeVisibleAsync();
        await Expect(visit.Card).ToHaveAttributeAsync("data-state", "running");
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.Card).ToHaveAttributeAsync("data-state", "stopped");
        await Expect(visit.Answer).ToHaveTextAsync("Stopped.");
        held.SetResult();
        await visit.Page.UnrouteAsync("**/api/caption");
        await visit.AskAsync("Caption");
        await Expect(visit.Answer).ToHaveTextAsync("a boat and a rocket on a yellow background");
    });

    [BrowserFact]
    public Task An_earlier_answer_comes_back_with_its_picture_and_boxes() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Bicycles);
        await visit.AskAsync("Detect", "#labels", "bicycle");
        IReadOnlyList<(string, double[])> first = await visit.BoxesAsync();
        Assert.Equal(2, first.Count);
        await visit.PickAsync(Scenes.Boat);
        await Expect(visit.Page.Locator("#overlay .box")).ToHaveCountAsync(0);
        await visit.AskAsync("Caption");
        await visit.Cards.Last.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Detect bicycle" }).ClickAsync();
        await visit.ShowsAsync("scene_04.png");
        await Expect(visit.Answer).ToHaveTextAsync("Found 2 × bicycle.");
        Assert.Equivalent(first, await visit.BoxesAsync());
        // The picture of the answer is the one that is asked about next.
        await visit.AskAsync("Ask", "#question", "what is at the top?");
        await Expect(visit.Answer).ToHaveTextAsync("lion");
    });

    [BrowserFact]
    public Task An_answer_has_its_times_and_can_be_copied() => Visit.RunAsync(
        async visit =>
        {
            await visit.PickAsync(Scenes.Boat);
            await visit.AskAsync("Caption");
            await Expect(visit.Card.Locator(".timings")).ToContainTextAsync(new Regex("Picture.* m?s.*Prompt.* m?s.*Answer.* m?s.*tokens/s.*tokens in, [0-9]+ out"));
            await visit.Card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Copy answer" }).ClickAsync();
            await Expect(visit.Page.Locator("#status")).ToHaveTextAsync("Copied.");
            Assert.Equal("a boat and a rocket on a yellow background", await visit.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
        },
        new BrowserNewContextOptions { Permissions = ["clipboard-read", "clipboard-write"] });
}
