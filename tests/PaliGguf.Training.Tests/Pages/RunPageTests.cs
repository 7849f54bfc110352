using System.Text.Json;
using System.Text.RegularExpressions;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Pages;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Tests.Runs;

namespace PaliGguf.Training.Tests.Pages;

public sealed class RunPageTests : IDisposable
{
    private readonly SmallData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_page_shows_curves_settings_and_answers_and_needs_nothing_else()
    {
        TrainingSettings settings = await RunAsync(await SettingsAsync());
        string html = Html(settings);
        Assert.Equal(2, Regex.Count(html, "<svg "));
        Assert.Equal(3, Regex.Count(html, "<polyline "));
        Assert.Contains("<p>step 6 of 6: loss ", html, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">rate</th>\n<td>0.001</td>", html, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(html, "<figure>"));
        Assert.Contains("<dd dir=\"auto\" class=\"run1\">grey grey grey grey</dd>", html, StringComparison.Ordinal);
        Assert.Equal(["before", "step 3", "step 6"], Answers(html).Take(3));
        Assert.All(Regex.Matches(html, "src=\"(.{10})"), each => Assert.Equal("data:image", each.Groups[1].Value));
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_data_holds_stays_text()
    {
        const string Hostile = "</dd><script>alert('1')</script><img src=x onerror=alert(2)>";
        _data.Add(JsonSerializer.Serialize(new { image = "0.png", prefix = Hostile, suffix = Hostile + "\" & '" }));
        TrainingSettings settings = await RunAsync(await SettingsAsync() with
        {
            Steps = 1,
            ShownPictures = 1,
            DataOptions = new DataOptions { Prompt = Hostile },
        });
        string html = Html(settings);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.Contains("&lt;/dd&gt;&lt;script&gt;alert(&#39;1&#39;)", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_goes_on_shows_what_was_before()
    {
        TrainingSettings settings = await SettingsAsync();
        using CancellationTokenSource cancellation = new();
        RunLog log = new(step =>
        {
            if (step == 4) cancellation.Cancel();
        });
        await Assert.ThrowsAsync<OperationCanceledException>(() => RunAsync(settings, log, cancellation.Token));
        await RunAsync(settings);
        string disturbed = Curves(Html(settings));
        Assert.Equal(Curves(Html(await RunAsync(settings with { Output = _data.Folder("undisturbed") }))), disturbed);
    }

    [Fact]
    public async Task The_page_is_small_however_often_a_run_is_measured()
    {
        TrainingSettings settings = await RunAsync(await SettingsAsync() with { ValidateEvery = 1, Steps = 20, ShownPictures = 1 });
        Assert.Equal(["before", .. Enumerable.Range(10, 11).Select(step => $"step {step}")], Answers(Html(settings)));
    }

    [Fact]
    public async Task Boxes_of_answers_and_references_are_drawn()
    {
        _data.Write(
            "boxes.jsonl",
            """{"image": "3.png", "prefix": "detect cat", "suffix": "<loc0100><loc0100><loc0900><loc0900> cat"}"""u8);
        TrainingSettings settings = await RunAsync(await SettingsAsync() with { Validation = _data.Folder("boxes.jsonl"), Steps = 1 });
        string html = Html(settings);
        Assert.Contains("<p>expected</p>", html, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Matches(html, "src=\"([^\"]*)\"").Select(each => each.Groups[1].Value).Distinct().Count());
    }

    [Fact]
    public async Task A_run_can_be_watched_while_it_goes_on()
    {
        TrainingSettings settings = await SettingsAsync();
        RunPage page = new(settings);
        using PageServer server = PageServer.Start(0, page.ToHtml);
        using HttpClient client = new();
        List<string> seen = [await client.GetStringAsync(server.Address)];
        RunLog log = new(step => seen.Add(client.GetStringAsync(server.Address).GetAwaiter().GetResult()));
        using (TrainingRun run = new(settings, new RunObservers(page, log), CancellationToken.None)) run.Run(CancellationToken.None);
        Assert.Contains("model and data are being read", seen[0], StringComparison.Ordinal);
        Assert.All(Enumerable.Range(1, 6), step => Assert.Contains($"<p>step {step} of 6: loss ", seen[step], StringComparison.Ordinal));
    }

    private async Task<TrainingSettings> SettingsAsync() =>
        await _data.SettingsAsync("run") with { Validation = _data.Path, ValidateEvery = 3, ShownPictures = 2 };

    private static async Task<TrainingSettings> RunAsync(
        TrainingSettings settings, RunLog? log = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        using TrainingRun run = new(settings, new RunObservers(new RunPage(settings), log ?? new RunLog()), cancellationToken);
        run.Run(cancellationToken);
        return settings;
    }

    private static string Html(TrainingSettings settings) => File.ReadAllText(Path.Combine(settings.Output, RunPage.FileName));

    private static string[] Answers(string html) =>
        [.. Regex.Matches(html, "<dt>(before|step \\d+)</dt>").Select(each => each.Groups[1].Value)];

    private static string Curves(string html) => string.Join('\n', Regex.Matches(html, "points=\"[^\"]*\"").Select(each => each.Value));
}
