using System.Globalization;
using System.Text.Json;

namespace PaliGguf.Page.Tests;

/// <summary>A visit to the page. It must end without an error in the browser's console, a breach of the content policy, or a request to anywhere else.</summary>
internal sealed class Visit
{
    private const string ReportBreaches = "addEventListener('securitypolicyviolation', event => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));";

    private readonly List<string> _faults = [];
    private readonly List<IRequest> _requests = [];

    private Visit(IPage page, Uri address)
    {
        (Page, Address) = (page, address);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") Add(_faults, message.Text);
        };
        page.PageError += (_, error) => Add(_faults, error);
        page.Request += (_, request) =>
        {
            Add(_requests, request);
            if (!request.Url.StartsWith(address.ToString(), StringComparison.Ordinal) && new Uri(request.Url).Scheme is not ("blob" or "data")) Add(_faults, $"request to {request.Url}");
        };
    }

    public IPage Page { get; }

    public Uri Address { get; }

    /// <summary>Whether requests are to fail: the browser itself writes those to the console.</summary>
    public bool ExpectsFailures { get; set; }

    /// <summary>The requests so far.</summary>
    public IReadOnlyList<IRequest> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    public ILocator Cards => Page.Locator("#answers > li");

    /// <summary>The card that is open.</summary>
    public ILocator Card => Page.Locator("#answers > li.open");

    public ILocator Answer => Card.Locator(".answer");

    public ILocator Alert => Page.GetByRole(AriaRole.Alert);

    /// <summary>Visits the page of the shared server.</summary>
    public static async Task RunAsync(Func<Visit, Task> visit, BrowserNewContextOptions? options = null) => await RunAsync(await Site.Shared, visit, options);

    /// <summary>Visits the page of a server.</summary>
    public static async Task RunAsync(Site site, Func<Visit, Task> run, BrowserNewContextOptions? options = null, bool untilReady = true)
    {
        IBrowser browser = await Chromium.Browser;
        await using IBrowserContext context = await browser.NewContextAsync(options ?? new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });
        // Many tests share few cores.
        context.SetDefaultTimeout(60_000);
        await context.AddInitScriptAsync(ReportBreaches);
        Visit visit = new(await context.NewPageAsync(), site.Address);
        await visit.Page.GotoAsync(site.Address.ToString());
        if (untilReady) await visit.ReadyAsync();
        await run(visit);
        lock (visit._faults) Assert.DoesNotContain(visit._faults, fault => !(visit.ExpectsFailures && fault.StartsWith("Failed to load resource", StringComparison.Ordinal)));
    }

    /// <summary>Waits until the page knows its model.</summary>
    public Task ReadyAsync() => UntilAsync("() => document.getElementById('state').textContent === 'pali-nano'");

    /// <summary>Picks a picture.</summary>
    public async Task PickAsync(string path)
    {
        await Page.SetInputFilesAsync("#file", path);
        await ShowsAsync(Path.GetFileName(path));
    }

    /// <summary>Waits until a picture is shown.</summary>
    public Task ShowsAsync(string name) => UntilAsync(
        "name => { const shown = document.getElementById('shown'); return shown.alt === name && shown.checkVisibility() && shown.complete && document.getElementById('sending').textContent === ''; }", name);

    /// <summary>Chooses a task, fills its field, and asks: at once, where a hand on mouse or keyboard would take its time.</summary>
    public async Task AskAsync(string task, string? field = null, string? text = null)
    {
        await Page.EvaluateAsync(
            """
            ([task, field, text]) => {
              [...document.querySelectorAll(".tasks label")].find(label => label.textContent === task).click();
              if (field) document.querySelector(field).value = text;
              document.getElementById("send").click();
            }
            """,
            new[] { task, field, text });
        await DoneAsync();
    }

    /// <summary>Waits for the end of the answer.</summary>
    public Task DoneAsync() => UntilAsync("() => document.querySelector('#answers > li.open')?.dataset.state === 'done'");

    // Looks at every frame, which an assertion that waits does not.
    private async Task UntilAsync(string condition, object? argument = null) => await Page.WaitForFunctionAsync(condition, argument);

    /// <summary>Where something is drawn, in pixels of the picture: x_min, y_min, x_max, y_max.</summary>
    public async Task<IReadOnlyList<(string Label, double[] Box)>> BoxesAsync()
    {
        // Boxes without their strokes, in the viewport; then against the picture.
        JsonElement boxes = await Page.EvaluateAsync<JsonElement>(
            """
            async () => {
              // When what has changed is drawn.
              for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
              const image = document.getElementById("shown"), shown = image.getBoundingClientRect();
              const scale = image.naturalWidth / shown.width;
              return [...document.querySelectorAll("#overlay .box")].map(box => {
                const line = box.querySelector(".line"), svg = line.ownerSVGElement.getBoundingClientRect();
                const value = name => line[name].baseVal.value;
                const left = (svg.left - shown.left + value("x")) * scale, top = (svg.top - shown.top + value("y")) * scale;
                return { label: box.dataset.label, box: [left, top, left + value("width") * scale, top + value("height") * scale] };
              });
            }
            """);
        return [.. boxes.EnumerateArray().Select(box => (box.GetProperty("label").GetString()!, box.GetProperty("box").EnumerateArray().Select(value => value.GetDouble()).ToArray()))];
    }

    public static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(fraction * 100, MidpointRounding.AwayFromZero)}%");

    private static void Add<T>(List<T> list, T item)
    {
        lock (list) list.Add(item);
    }
}
