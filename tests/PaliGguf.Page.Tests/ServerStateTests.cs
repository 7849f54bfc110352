namespace PaliGguf.Page.Tests;

public sealed class ServerStateTests
{
    private const string Key = "a-key-of-the-test", Other = "another-key-of-it";

    [BrowserFact]
    public async Task A_key_is_asked_for_and_a_limit_counted_down()
    {
        // The picture and one question; another key has a count of its own.
        await using Site site = await Site.StartAsync(options => options with { ApiKeys = [Key, Other], Rate = 2 });
        await Visit.RunAsync(
            site,
            async visit =>
            {
                visit.ExpectsFailures = true;
                ILocator dialog = visit.Page.GetByRole(AriaRole.Dialog, new PageGetByRoleOptions { Name = "API key" });
                await Expect(dialog).ToContainTextAsync("This server asks for a key.");
                await dialog.GetByLabel("Key").FillAsync("not one of them");
                await visit.Page.Keyboard.PressAsync("Enter");
                await Expect(dialog).ToContainTextAsync("The key is not one of this server's.");
                await dialog.GetByLabel("Key").FillAsync(Key);
                await visit.Page.Keyboard.PressAsync("Enter");
                await Expect(dialog).ToBeHiddenAsync();
                await visit.ReadyAsync();

                await visit.PickAsync(Scenes.Boat);
                await visit.AskAsync("Caption");
                await Expect(visit.Answer).ToHaveTextAsync("a boat and a rocket on a yellow background");
                await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Ask", Exact = true }).ClickAsync();
                await Expect(visit.Alert).ToContainTextAsync("Too many requests");
                await Expect(visit.Alert).ToContainTextAsync("Trying again in");
                await visit.Page.EvaluateAsync("key => sessionStorage.setItem('api-key', key)", Other);
                await visit.Alert.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Try now" }).ClickAsync();
                await visit.DoneAsync();
                await Expect(visit.Alert).ToBeHiddenAsync();
            },
            untilReady: false);
    }

    [BrowserFact]
    public Task A_lost_connection_is_told_and_mended() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Boat);
        visit.ExpectsFailures = true;
        await visit.Page.Context.SetOfflineAsync(true);
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Ask", Exact = true }).ClickAsync();
        await Expect(visit.Alert).ToContainTextAsync("The server can not be reached");
        await Expect(visit.Card).ToHaveAttributeAsync("data-state", "failed");
        await Expect(visit.Page.Locator("#state")).ToHaveTextAsync("Not connected");
        await visit.Page.Context.SetOfflineAsync(false);
        await visit.ReadyAsync();
        await visit.AskAsync("Caption");
        await Expect(visit.Answer).ToHaveTextAsync("a boat and a rocket on a yellow background");
        await Expect(visit.Alert).ToBeHiddenAsync();
    });

    [BrowserFact]
    public async Task A_page_that_is_opened_early_waits_for_the_model()
    {
        await using Site site = await Site.StartAsync();
        await Visit.RunAsync(
            site,
            async visit =>
            {
                // A small model is loaded before a page is: the first answers are those of a large one.
                visit.ExpectsFailures = true;
                bool loaded = false;
                await visit.Page.RouteAsync("**/readyz", route => loaded
                    ? route.ContinueAsync()
                    : route.FulfillAsync(new RouteFulfillOptions { Status = 503, ContentType = "application/json", Body = """{"status":"loading","stage":"weights","fraction":0.25}""" }));
                await visit.Page.ReloadAsync();
                await Expect(visit.Page.GetByRole(AriaRole.Progressbar, new PageGetByRoleOptions { Name = "Loading the model: weights" })).ToHaveJSPropertyAsync("value", 0.25);
                loaded = true;
                await visit.ReadyAsync();
                await Expect(visit.Page.Locator("#loading")).ToBeHiddenAsync();
            },
            untilReady: false);
    }
}
