using System.Text.Json;

namespace PaliGguf.Page.Tests;

public sealed class AccessibilityTests
{
    private static readonly HashSet<string> Controls =
    [
        "button", "textbox", "combobox", "radio", "checkbox", "link", "searchbox", "image", "img", "progressbar", "slider", "spinbutton",
    ];

    // On the control, or on the label that stands for it.
    private const string FocusRing =
        """
        () => {
          const rings = [document.activeElement, document.activeElement.closest("label")].filter(Boolean).map(each => getComputedStyle(each));
          return rings.find(style => style.outlineStyle !== "none")?.outlineWidth ?? "none";
        }
        """;

    [BrowserFact]
    public Task Everything_can_be_done_with_the_keyboard_and_the_focus_can_be_seen() => Visit.RunAsync(async visit =>
    {
        IKeyboard keyboard = visit.Page.Keyboard;
        List<string> stops = [];
        for (int step = 0; step < 11; step++)
        {
            await keyboard.PressAsync("Tab");
            stops.Add(await visit.Page.EvaluateAsync<string>("() => { const on = document.activeElement; return on.id || on.value || on.getAttribute('aria-label') || on.className; }"));
            Assert.Equal("3px", await visit.Page.EvaluateAsync<string>(FocusRing));
        }

        Assert.Equal(["skip", "theme", "file"], stops[..3]);
        Assert.Equal(["A lion, bicycles and a duck", "A boat and a rocket"], stops[3..5]);
        Assert.Equal(["caption", "language", "send"], stops[8..11]);

        // Back to the second sample; then on to the tasks, the field, and the answer.
        for (int step = 0; step < 6; step++) await keyboard.PressAsync("Shift+Tab");
        await keyboard.PressAsync("Enter");
        await visit.ShowsAsync("scene_06.png");
        for (int step = 0; step < 4; step++) await keyboard.PressAsync("Tab");
        for (int step = 0; step < 4; step++) await keyboard.PressAsync("ArrowRight");
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Control+A");
        await keyboard.TypeAsync("rocket");
        await keyboard.PressAsync("Enter");
        await visit.DoneAsync();
        await Expect(visit.Answer).ToHaveTextAsync("Found 1 × rocket.");
        await Expect(visit.Page.Locator("#labels")).ToBeFocusedAsync();

        // Past the button, the sampling and the card's head to the label, which the space bar switches off.
        for (int step = 0; step < 4; step++) await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Space");
        await Expect(visit.Page.Locator(".box")).ToHaveCountAsync(0);
    });

    [BrowserFact]
    public Task Every_control_has_a_name() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Bicycles);
        await visit.AskAsync("Detect", "#labels", "bicycle ; duck");
        await visit.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(each => (each.open = true))");
        ICDPSession session = await visit.Page.Context.NewCDPSessionAsync(visit.Page);
        JsonElement tree = (await session.SendAsync("Accessibility.getFullAXTree"))!.Value;
        List<string> names = [];
        foreach (JsonElement node in tree.GetProperty("nodes").EnumerateArray().Where(node => !node.GetProperty("ignored").GetBoolean()))
        {
            string role = node.GetProperty("role").GetProperty("value").GetString()!;
            if (!Controls.Contains(role)) continue;
            string name = node.TryGetProperty("name", out JsonElement named) ? named.GetProperty("value").GetString()! : "";
            Assert.True(name.Trim().Length > 0, $"A {role} has no name.");
            names.Add($"{role} {name}");
        }

        Assert.Contains("radio Detect", names);
        Assert.Contains("spinbutton Most tokens", names);
        Assert.Contains("slider Show what has a score from", names);
        Assert.Contains("button Enlarge the picture", names);
        Assert.Contains("checkbox bicycle × 2", names);
        Assert.Contains("image scene_04.png", names);
        Assert.Equal(3, names.Count(name => name.Contains(", score ", StringComparison.Ordinal)));
        Assert.Contains(names, name => name.StartsWith("textbox What to look for", StringComparison.Ordinal));
    });

    [BrowserFact]
    public Task An_answer_is_read_out_when_it_is_whole() => Visit.RunAsync(async visit =>
    {
        await visit.PickAsync(Scenes.Boat);
        await visit.AskAsync("Caption");
        await Expect(visit.Answer).ToHaveAttributeAsync("aria-live", "polite");
        await Expect(visit.Answer).ToHaveAttributeAsync("aria-busy", "false");
        await visit.AskAsync("Detect", "#labels", "rocket");
        await Expect(visit.Page.Locator("#status")).ToHaveTextAsync("Found 1 × rocket.");
    });

    [BrowserFact]
    public Task A_missing_field_is_told_and_focused() => Visit.RunAsync(async visit =>
    {
        ILocator ask = visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Ask", Exact = true });
        await ask.ClickAsync();
        await Expect(visit.Alert).ToContainTextAsync("No picture yet");
        await visit.PickAsync(Scenes.Boat);
        await visit.Page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Ask", Exact = true }).CheckAsync(new LocatorCheckOptions { Force = true });
        await ask.ClickAsync();
        await Expect(visit.Alert).ToContainTextAsync("Fill in the field “Question”.");
        await Expect(visit.Page.Locator("#question")).ToBeFocusedAsync();
        await Expect(visit.Page.Locator("#question")).ToHaveAttributeAsync("aria-invalid", "true");
        Assert.Equal(0, await visit.Cards.CountAsync());
    });
}
