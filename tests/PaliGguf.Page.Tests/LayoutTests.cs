using System.Globalization;
using System.Text.Json;

namespace PaliGguf.Page.Tests;

public sealed class LayoutTests
{
    // WCAG's relative luminance and contrast; each text against the first background behind it that is not transparent.
    private const string FaintTexts =
        """
        () => {
          const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
          const rgb = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
          const light = colour => {
            const [r, g, b] = colour.slice(0, 3).map(value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const behind = element => { for (; element; element = element.parentElement) { const colour = rgb(getComputedStyle(element).backgroundColor); if (colour[3] === 255) return colour; } };
          const faint = [];
          for (const element of document.querySelectorAll("body *")) {
            const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
            if (!own || !element.checkVisibility() || element.closest(".unseen, noscript")) continue;
            const [text, ground] = [light(rgb(getComputedStyle(element).color)), light(behind(element))];
            const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
            if (contrast < 4.5) faint.push(`${element.tagName}.${element.className} "${element.textContent.trim().slice(0, 30)}" ${contrast.toFixed(2)}`);
          }
          return faint;
        }
        """;

    [BrowserFact]
    public Task A_phone_needs_no_scrolling_sideways() => Visit.RunAsync(
        async visit =>
        {
            await visit.PickAsync(Scenes.Bicycles);
            await visit.AskAsync("Detect", "#labels", "bicycle ; duck ; lion");
            await visit.Page.Locator("#model summary").ClickAsync();
            Assert.Equal(375, await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
            float[] sizes = await visit.Page.EvaluateAsync<float[]>(
                """
                () => [...document.querySelectorAll("button, summary, a, .tasks label, .toggle, .drop, .camera, input:not(.unseen, [type=radio], [type=checkbox])")]
                  .filter(each => each.checkVisibility()).map(each => each.getBoundingClientRect().height)
                """);
            Assert.All(sizes, size => Assert.InRange(size, 44, 80));
            // One below the other.
            await visit.Page.EvaluateAsync("() => scrollTo(0, 0)");
            float[] tops = await visit.Page.EvaluateAsync<float[]>("() => ['#stage', '.ask', '#answers', '#model'].map(each => document.querySelector(each).getBoundingClientRect().top)");
            Assert.Equal(tops.Order(), tops);
        },
        new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 375, Height = 812 }, IsMobile = true, HasTouch = true, DeviceScaleFactor = 2 });

    [BrowserFact]
    public Task A_wide_window_has_the_picture_beside_the_answers_and_the_memory_plan_below() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Bicycles);
        await visit.AskAsync("Caption");
        LocatorBoundingBoxResult picture = (await visit.Page.Locator(".picture").BoundingBoxAsync())!, talk = (await visit.Page.Locator(".talk").BoundingBoxAsync())!;
        Assert.True(picture.X + picture.Width < talk.X);
        LocatorBoundingBoxResult shown = (await visit.Page.Locator("#shown").BoundingBoxAsync())!;
        Assert.InRange(shown.Width / shown.Height, 0.99, 1.01);
        Assert.InRange(shown.Y + shown.Height, 0, 900);

        // What the model that comes with the program is, and how to run another.
        ILocator about = visit.Page.GetByRole(AriaRole.Complementary, new PageGetByRoleOptions { Name = "About this model" });
        await Expect(about).ToContainTextAsync("demonstration");
        await Expect(about.Locator("code")).ToContainTextAsync("paligguf pull ");
        await Expect(about.Locator("code")).ToContainTextAsync("paligguf serve --model ");

        await visit.Page.Locator("#model summary").ClickAsync();
        await Expect(visit.Page.Locator("#facts")).ToContainTextAsync("112 × 112 pixels, 64 tokens");
        using HttpClient client = new() { BaseAddress = visit.Address };
        using JsonDocument model = JsonDocument.Parse(await client.GetStringAsync("/api/model"));
        JsonElement ram = model.RootElement.GetProperty("memory").GetProperty("ram");
        double mebibytes = ram.GetProperty("bytes").GetInt64() / 1048576.0;
        string text = mebibytes.ToString(mebibytes < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
        await Expect(visit.Page.Locator("#memory caption")).ToContainTextAsync($"Memory: {text} MiB at most");
        int parts = ram.GetProperty("parts").EnumerateArray().Select(part => (part.GetProperty("part").GetString(), part.GetProperty("stage").GetString(), part.GetProperty("mapped").GetBoolean())).Distinct().Count();
        await Expect(visit.Page.Locator("#memory tr")).ToHaveCountAsync(parts);
    });

    [BrowserFact]
    public Task The_system_s_dark_colours_are_taken_and_can_be_overruled() => Visit.RunAsync(
        async visit =>
        {
            Assert.InRange(await LightnessAsync(visit), 0, 0.1);
            ILocator theme = visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Colours" });
            await Expect(theme).ToHaveAccessibleNameAsync("Colours: as the system");
            await theme.ClickAsync();
            await Expect(theme).ToHaveAccessibleNameAsync("Colours: light");
            Assert.InRange(await LightnessAsync(visit), 0.9, 1);
            await visit.Page.ReloadAsync();
            await visit.ReadyAsync();
            Assert.InRange(await LightnessAsync(visit), 0.9, 1);
        },
        new BrowserNewContextOptions { ColorScheme = ColorScheme.Dark });

    [BrowserFact]
    public Task Texts_stand_out_in_light_and_dark() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Bicycles);
        await visit.AskAsync("Detect", "#labels", "bicycle ; duck ; lion");
        await visit.Page.Locator("#model summary").ClickAsync();
        foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await visit.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            Assert.Empty(await visit.Page.EvaluateAsync<string[]>(FaintTexts));
        }
    });

    private static Task<float> LightnessAsync(Visit visit) => visit.Page.EvaluateAsync<float>(
        """
        () => {
          const context = document.createElement("canvas").getContext("2d");
          context.fillStyle = getComputedStyle(document.body).backgroundColor;
          context.fillRect(0, 0, 1, 1);
          return context.getImageData(0, 0, 1, 1).data[1] / 255;
        }
        """);
}
