using System.Globalization;
using System.Text.Json;
using PaliGguf.Conversion;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Reports;
using PaliGguf.Evaluation.Runs;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Language;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Page.Tests;

/// <summary>
/// The report that the documentation shows: what 4 bits cost the small model. With PALIGGUF_PICTURES set to a folder, its picture is made
/// there (dotnet cake --target=Pictures).
/// </summary>
public sealed class ReportPictureTests
{
    private const string Setting = "PALIGGUF_PICTURES";

    private static readonly EvaluationTask Task = EvaluationTask.Find("detection");

    [BrowserFact]
    public async System.Threading.Tasks.Task A_report_as_the_documentation_shows_it()
    {
        using TemporaryFolder folder = new();
        ModelFiles files = ModelFiles.Find(Repository.PaliNano);
        string fourBits = folder.File("pali-nano-Q4_0.gguf");
        await ModelQuantizer.QuantizeAsync(new QuantizationOptions { Source = files.Text, Type = ModelFileType.Q4_0, Output = fourBits });
        EvaluationItem[] items = [.. Enumerable.Range(1, 12).SelectMany(Items)];
        ReportRun four = await AnswerAsync("Q4_0", fourBits, files.Vision, items);
        ReportRun eight = await AnswerAsync("Q8_0", files.Text, files.Vision, items);
        EvaluationReport report = ReportMaking.Make(items, four, eight, ["boxes"]);
        Assert.Equal(items.Length, report.Answers);
        await ReportVisit.RunAsync(report, async page =>
        {
            Assert.True(await page.Locator("figure").CountAsync() >= items.Length);
            byte[] picture = await page.ScreenshotAsync(new PageScreenshotOptions
            {
                Type = ScreenshotType.Jpeg, Quality = 85, FullPage = true, Clip = new Clip { Width = 1280, Height = 1600 },
            });
            if (Environment.GetEnvironmentVariable(Setting) is not { Length: > 0 } target) return;
            await File.WriteAllBytesAsync(Path.Combine(target, "report.jpg"), picture);
        }, MaskDecoder.Read(files.Vision));
    }

    private static async Task<ReportRun> AnswerAsync(string name, string text, string vision, EvaluationItem[] items)
    {
        await using PaliModel loaded = await PaliModel.LoadAsync(text, new ModelOptions { VisionPath = vision, Threads = 1 });
        EvaluationRun run = new(Task, items, item => Task.PromptOf(item, "en", "segment {labels}"));
        Dictionary<string, JournalEntry> entries = new(StringComparer.Ordinal);
        GenerationRequest request = new() { Prompt = "", Images = [], MaxTokens = 200 };
        await foreach (JournalEntry entry in run.AnswerAsync(loaded, request)) entries[entry.Id] = entry;
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        return new ReportRun(name, new JournalHeader(Task.Name, "scenes", new JournalModel(name, name, "Q8_0"), [], options), entries);
    }

    // An item for each kind of thing in a scene.
    private static IEnumerable<EvaluationItem> Items(int number)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"scene_{number:00}");
        string path = Path.Combine(Repository.PaliNano, "samples", name);
        using JsonDocument scene = JsonDocument.Parse(File.ReadAllText(path + ".json"));
        return [.. scene.RootElement.GetProperty("objects").EnumerateArray()
            .ToLookup(each => each.GetProperty("name").GetString()!, each => each.GetProperty("loc").GetString()!)
            .Select(things => new EvaluationItem(
                new ExpectedAnswer($"{name}, {things.Key}", [string.Join(" ; ", things.Select(location => $"{location} {things.Key}"))])
                {
                    Size = new PictureSize(448, 448),
                },
                new PictureFile(path + ".png"), name)
            {
                Labels = [things.Key],
            })];
    }
}
