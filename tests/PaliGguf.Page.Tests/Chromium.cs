using System.Collections.Immutable;

namespace PaliGguf.Page.Tests;

/// <summary>The browser of all tests: one process, in which each test has a context of its own.</summary>
internal static class Chromium
{
    private const string Setting = "CHROMIUM";

    private static readonly ImmutableArray<string> Names = ["chromium", "chromium-browser", "google-chrome"];

    // Each window has a page of its own for what is typed into the address bar, which costs as much as the page that is tested.
    private static readonly ImmutableArray<string> Unused =
        ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "HttpsUpgrades", "MediaRouter", "OptimizationHints", "PaintHolding", "Translate"];

    private static readonly Lazy<Task<IBrowser>> OneForAll = new(LaunchAsync);

    /// <summary>Where the program is; null where there is none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } set ? set : Find();

    /// <summary>What is told where there is none.</summary>
    public static string Missing => $"There is no Chromium: install it (apt-get install chromium), or set {Setting} to the path of one.";

    public static Task<IBrowser> Browser => OneForAll.Value;

    private static string? Find() =>
        (from name in Names
         from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         let path = System.IO.Path.Combine(folder, name)
         where File.Exists(path)
         select path).FirstOrDefault();

    // It ends with this process, whose pipe to it closes.
    private static async Task<IBrowser> LaunchAsync()
    {
        // Many tests share few cores.
        SetDefaultExpectTimeout(60_000);
        IPlaywright playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Path, Args = ["--no-sandbox", "--disable-gpu", $"--disable-features={string.Join(',', Unused)}"] });
    }
}

/// <summary>A test that needs a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium.Path is null) Skip = Chromium.Missing;
    }
}
