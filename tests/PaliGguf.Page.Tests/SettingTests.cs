using System.Text.Json;
using System.Text.Json.Nodes;
using PaliGguf.Hosting.Drawings;

namespace PaliGguf.Page.Tests;

public sealed class SettingTests
{
    [BrowserFact]
    public Task Sampling_is_folded_away_and_said_only_where_it_was_filled_in() => Visit.RunAsync(async visit =>
    {
        ILocator sampling = visit.Page.Locator("#sampling"), topP = visit.Page.GetByLabel("Top p");
        await Expect(topP).ToBeHiddenAsync();
        await visit.PickAsync(Scenes.Boat);
        await visit.Page.EvaluateAsync(
            """
            () => {
              for (const [id, value] of [["temperature", "0.5"], ["top-p", "2"], ["seed", "7"]]) document.getElementById(id).value = value;
            }
            """);
        await visit.Page.Locator("#send").ClickAsync();
        await Expect(visit.Alert).ToContainTextAsync("“Top p”");
        await Expect(topP).ToBeFocusedAsync();
        await topP.FillAsync("0.9");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.DoneAsync();
        JsonElement body = visit.Requests.Last(request => request.Method == "POST").PostDataJSON()!.Value;
        Assert.Equal(["picture", "language", "temperature", "topP", "seed"], body.EnumerateObject().Select(field => field.Name));
        Assert.Equal([0.5, 0.9, 7], body.EnumerateObject().TakeLast(3).Select(field => field.Value.GetDouble()));
        Assert.True(await sampling.EvaluateAsync<bool>("details => details.open"));
    });

    [BrowserFact]
    public Task What_has_a_low_score_is_not_drawn_as_found_unless_it_is_wanted() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Boat);
        // The first as sure as it is, the second hardly.
        await visit.Page.RouteAsync("**/api/detect", async route =>
        {
            IAPIResponse response = await route.FetchAsync();
            JsonNode answer = JsonNode.Parse(await response.TextAsync())!;
            answer["detections"]![1]!["score"] = InstanceDrawing.LeastScore - 0.001;
            await route.FulfillAsync(new RouteFulfillOptions { Response = response, Body = answer.ToJsonString() });
        });
        await visit.AskAsync("Detect", "#labels", "boat ; rocket");
        ILocator boxes = visit.Page.Locator("#overlay .box"), slider = visit.Card.GetByRole(AriaRole.Slider);
        int all = await visit.Page.Locator("#overlay .box").CountAsync() + 1;
        await Expect(visit.Card).ToContainTextAsync("1 of a lower score not shown");
        await slider.FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(boxes).ToHaveCountAsync(all);
        await Expect(visit.Card).Not.ToContainTextAsync("of a lower score");
        await visit.Page.Keyboard.PressAsync("End");
        await Expect(boxes).ToHaveCountAsync(0);
        await Expect(visit.Answer).ToHaveTextAsync("Nothing of this was found.");
        await Expect(slider).ToBeFocusedAsync();
    });

    [BrowserFact]
    public async Task One_of_several_models_is_chosen()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("paligguf-page-models-");
        try
        {
            foreach (string name in new[] { "nano-one-Q8_0", "nano-two-Q8_0" })
            {
                foreach (string file in Directory.EnumerateFiles(Repository.PaliNano, "*.gguf"))
                {
                    string copy = Path.GetFileName(file).Replace("pali-nano-Q8_0", name, StringComparison.Ordinal);
                    File.Copy(file, Path.Combine(folder.FullName, copy));
                }
            }

            await using Site site = await Site.StartAsync(options => options with { Model = "", ModelFolders = [folder.FullName] });
            await Visit.RunAsync(
                site,
                async visit =>
                {
                    ILocator models = visit.Page.GetByRole(AriaRole.Combobox, new PageGetByRoleOptions { Name = "Model" });
                    await Expect(models).ToHaveValueAsync("nano-one-Q8_0");
                    await models.SelectOptionAsync("nano-two-Q8_0");
                    await Expect(visit.Page.Locator("#state")).ToHaveTextAsync("nano-two-Q8_0");
                    await visit.PickAsync(Scenes.Boat);
                    await visit.AskAsync("Caption");
                    Assert.Equal("nano-two-Q8_0", visit.Requests.Last(request => request.Method == "POST").PostDataJSON()!.Value.GetProperty("model").GetString());
                },
                untilReady: false);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
