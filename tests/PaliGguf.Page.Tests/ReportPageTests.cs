using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Reports;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Page.Tests;

public sealed class ReportPageTests
{
    private const string Hostile =
        "</dd></figure><script>window.ran = 1</script><img src=x onerror='window.ran = 2'><style>*{display:none}</style>"
        + "<svg onload=\"window.ran = 3\"></svg>\" onmouseover=\"window.ran = 4\" &lt; &#x3c; "
        + "<!-- ]]> \0\u001b[31m\u202e \ud800 {{1}} 'quoted'";

    private const string PartsOutside =
        """
        svg => {
          const all = svg.getBoundingClientRect();
          return [...svg.querySelectorAll("circle, text, line")].filter(part => {
            const own = part.getBoundingClientRect();
            return own.left < all.left - 1 || own.right > all.right + 1 || own.top < all.top - 1 || own.bottom > all.bottom + 1;
          }).map(part => part.outerHTML).join();
        }
        """;

    [BrowserFact]
    public Task Answers_and_names_do_not_become_markup() => ReportVisit.RunAsync(Hostiles(), async page =>
    {
        Assert.Equal(0, await page.Locator("script, body style, [onerror], [onload], [onmouseover], [style], a, iframe, link, form")
            .CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("() => window.ran === undefined"));
        Assert.Equal(4, await page.Locator("figure").CountAsync());
        Assert.Equal(4, await page.Locator("figure img").CountAsync());
        string? answer = await page.Locator("figure dd.answer").First.TextContentAsync();
        // What HTML can not hold is a question mark in a diamond; all else is as it was.
        Assert.Equal(Hostile.Replace('\0', '\ufffd').Replace('\u001b', '\ufffd').Replace('\ud800', '\ufffd'), answer);
        Assert.Contains("<script>", await page.TitleAsync());
        Assert.Empty(await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('*')].flatMap(each => each.getAttributeNames())"
            + ".filter(name => name.startsWith('on') || name === 'style')"));
    });

    [BrowserFact]
    public Task The_style_is_the_page_s_own_and_nothing_else_may_be_loaded_or_run() => ReportVisit.RunAsync(Hostiles(), async page =>
    {
        Assert.Equal("grid", await page.Locator(".cards").First.EvaluateAsync<string>("cards => getComputedStyle(cards).display"));
        string policy = (await page.Locator("meta[http-equiv]").GetAttributeAsync("content"))!;
        Assert.StartsWith("default-src 'none'; img-src data:; ", policy);
        Assert.DoesNotContain("unsafe", policy);
    });

    [BrowserFact]
    public Task A_picture_that_is_gone_is_told_in_its_place() => ReportVisit.RunAsync(
        Report([Item("1", "gone.png", "a cat"), Item("2", Scenes.Boat, "a boat")], _ => "a cat"),
        async page =>
        {
            await Expect(page.Locator("figure").Filter(new LocatorFilterOptions { HasText = "gone.png" }))
                .ToContainTextAsync("there is no such file");
            Assert.Equal(1, await page.Locator("img").CountAsync());
        });

    [BrowserFact]
    public Task Boxes_are_drawn_on_the_answer_s_picture_and_on_the_expected_one() => ReportVisit.RunAsync(
        Report([Item("1", Scenes.Boat, "<loc0100><loc0100><loc0500><loc0500> boat"), Item("2", Scenes.Boat, "")],
            _ => "<loc0600><loc0600><loc0900><loc0900> rocket"),
        async page =>
        {
            Assert.Equal(["answers", "expected", "answers", "expected"], await page.Locator(".pictures p").AllTextContentsAsync());
            string?[] addresses = await page.Locator("img").EvaluateAllAsync<string[]>("images => images.map(image => image.src)");
            Assert.NotEqual(addresses[0], addresses[1]);
            int[] widths = await page.Locator("img").EvaluateAllAsync<int[]>("images => images.map(image => image.naturalWidth)");
            Assert.All(widths, width => Assert.Equal(384, width));
            Assert.All(addresses, address => Assert.InRange(address!.Length, 1000, 200_000));
        });

    [BrowserFact]
    public async Task Masks_are_drawn_where_there_is_a_decoder()
    {
        string codewords = string.Concat(Enumerable.Repeat("<seg010>", MaskDecoder.Codewords));
        EvaluationReport report = Report([Item("1", Scenes.Boat, "")], _ => $"<loc0200><loc0200><loc0900><loc0900>{codewords} boat");
        MaskDecoder decoder = MaskDecoder.Read(ModelFiles.Find(Repository.PaliNano).Vision)!;
        string boxes = "", masks = "";
        await ReportVisit.RunAsync(report, async page => boxes = (await page.Locator("img").First.GetAttributeAsync("src"))!);
        await ReportVisit.RunAsync(report, async page => masks = (await page.Locator("img").First.GetAttributeAsync("src"))!, decoder);
        Assert.NotEqual(boxes, masks);
    }

    [BrowserFact]
    public Task Two_runs_stand_side_by_side_with_what_is_significant() => ReportVisit.RunAsync(
        Report(
            Many(), item => item.Expected.References[0],
            item => item.Id.EndsWith('1') ? "a boat" : item.Expected.References[0] + " boat"),
        async page =>
        {
            Assert.Equal(["metric", "answers", "95 %", "others", "95 %", "difference", "95 %", "p"],
                await page.Locator("th[scope=col]").AllTextContentsAsync());
            Assert.Equal(7, await page.Locator("td.significant").CountAsync());
            Assert.Equal(["exact match by the length of the answer", "Gained most, in exact match"],
                (await page.Locator("h2").AllTextContentsAsync()).Skip(1).Take(2));
            Assert.True(await page.Locator("svg circle.run0").CountAsync() > 1 && await page.Locator("svg circle.run1").CountAsync() > 1);
            Assert.Equal("", await page.Locator("svg").EvaluateAsync<string>(PartsOutside));
        });

    [BrowserFact]
    public Task A_phone_scrolls_the_table_and_not_the_page() => ReportVisit.RunAsync(
        Report(Many(), _ => "a", _ => "b"),
        async page => Assert.Equal(375, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")),
        options: new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 375, Height = 812 }, IsMobile = true });

    private static EvaluationReport Hostiles()
    {
        EvaluationItem[] items = [.. Enumerable.Range(0, 4).Select(i => Item(Hostile + i, Scenes.Boat, Hostile))];
        ReportRun run = Run(Hostile, items, _ => Hostile) with { Header = Header(Hostile, "text") };
        return ReportMaking.Make(items, run, against: null, ["exact"]);
    }

    private static EvaluationItem[] Many() => [.. Enumerable.Range(0, 30).Select(i => Item($"{i}", Scenes.Boat, $"answer {i}"))];

    private static EvaluationReport Report(
        EvaluationItem[] items, Func<EvaluationItem, string> answer, Func<EvaluationItem, string>? other = null) =>
        ReportMaking.Make(items, Run("answers", items, answer), other is null ? null : Run("others", items, other), ["exact"]);

    private static ReportRun Run(string name, EvaluationItem[] items, Func<EvaluationItem, string> answer) =>
        new(name, Header("model", "text"), items.ToDictionary(
            item => item.Id, item => new JournalEntry(item.Id, "caption en") { Answer = answer(item), Tokens = 1 + (item.Id.Length % 3) },
            StringComparer.Ordinal));

    private static JournalHeader Header(string model, string task) =>
        new(task, model, new JournalModel(model, "1", "2"), [], new Dictionary<string, string>(StringComparer.Ordinal));

    private static EvaluationItem Item(string id, string picture, string reference) =>
        new(new ExpectedAnswer(id, [reference]) { Size = new PictureSize(448, 448) }, new PictureFile(picture), id);
}
