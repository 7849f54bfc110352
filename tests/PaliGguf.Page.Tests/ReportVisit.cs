using PaliGguf.Evaluation.Reports;
using PaliGguf.Evaluation.Reports.Pages;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Page.Tests;

/// <summary>
/// A look at the page of a report, as a file on the disk. It must load nothing, and its content policy must not be breached.
/// </summary>
internal static class ReportVisit
{
    public static async Task RunAsync(
        EvaluationReport report, Func<IPage, Task> look, MaskDecoder? decoder = null, BrowserNewContextOptions? options = null)
    {
        using TemporaryFolder folder = new();
        string file = folder.File("report.html");
        await File.WriteAllTextAsync(file, await ReportPage.WriteAsync(report, decoder));
        IBrowser browser = await Chromium.Browser;
        options ??= new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 } };
        await using IBrowserContext context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(60_000);
        IPage page = await context.NewPageAsync();
        List<string> faults = [];
        page.Console += (_, message) => Add(message.Text);
        page.PageError += (_, error) => Add(error);
        page.Dialog += (_, dialog) => Add(dialog.Message);
        string address = new Uri(file).AbsoluteUri;
        page.Request += (_, request) =>
        {
            if (request.Url != address && !request.Url.StartsWith("data:", StringComparison.Ordinal)) Add(request.Url);
        };
        await page.GotoAsync(address);
        await look(page);
        lock (faults) Assert.Empty(faults);

        void Add(string fault)
        {
            lock (faults) faults.Add(fault);
        }
    }
}
