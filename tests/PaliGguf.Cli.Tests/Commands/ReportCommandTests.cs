using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

/// <summary>"report", and what "eval" tells with the same options. The answers are written as a run leaves them, but for one run.</summary>
public sealed class ReportCommandTests : IDisposable
{
    private const int Items = 12;
    private const string Caption = "a turtle on an orange background";

    private readonly TemporaryFolder _folder = new();
    private readonly string _dataset;

    public ReportCommandTests() => _dataset = Write("scenes.jsonl", string.Concat(Enumerable.Range(1, Items).Select(i =>
        $$"""{"id": "{{i}}", "image": "scene_{{i:00}}.png", "prefix": "caption en", "suffix": "{{Caption}}"}""" + "\n")));

    private static string Samples => Path.Combine(Repository.PaliNano, "samples");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_is_told_with_intervals()
    {
        JsonElement json = (await ReportAsync(Journal("a", 9), "--json")).Succeeded().Json();
        Assert.Equal(("text", Items, 0, "a"), (json.GetProperty("task").GetString(), json.GetProperty("answers").GetInt32(),
            json.GetProperty("failures").GetInt32(), json.GetProperty("run").GetString()));
        JsonElement value = json.GetProperty("metrics")[0].GetProperty("values")[0];
        Assert.Equal(("exact match", 0.75), (value.GetProperty("name").GetString(), value.GetProperty("value").GetDouble()));
        Assert.InRange(value.GetProperty("interval").GetProperty("low").GetDouble(), 0.3, 0.74);
        Assert.InRange(value.GetProperty("interval").GetProperty("high").GetDouble(), 0.76, 1);
        Assert.Equal(JsonValueKind.Null, value.GetProperty("against").ValueKind);
        Assert.Matches("exact match +0.7500 +0.[0-9]{4} to", (await ReportAsync(Journal("a", 9))).Succeeded().Output);
    }

    [Fact]
    public async Task Two_runs_stand_side_by_side()
    {
        string one = Journal("a", 12), other = Journal("b|<i>", 1);
        string table = (await ReportAsync(one, "--against", other, "--markdown")).Succeeded().Output;
        Assert.Contains("| metric | a | 95 % | b\\|&lt;i> | 95 % | difference | 95 % | p |", table);
        Assert.Matches(@"\| exact match \| 1.0000 \| .* \| 0.0833 \| .* \| \+0.9167 \| .* \| 0.00[0-9] \|", table);
        JsonElement same = (await ReportAsync(one, "--against", one, "--json")).Succeeded().Json();
        Assert.Equal(1, same.GetProperty("metrics")[0].GetProperty("values")[0].GetProperty("against").GetProperty("p").GetDouble());
    }

    [Fact]
    public async Task The_page_is_one_file()
    {
        string page = _folder.File("report.html");
        (await ReportAsync(Journal("a", 9), "--html", page)).Succeeded();
        string html = await File.ReadAllTextAsync(page);
        Assert.StartsWith("<!doctype html>", html);
        Assert.Equal(Items, html.Split("<img src=\"data:image/jpeg;base64,").Length - 1);
        Assert.DoesNotContain("<script", html);

        // The pictures are where the run found them, or where they are said to be now.
        (await ReportAsync(Journal("a", 9), "--html", page, "--images", _folder.Path)).Succeeded();
        Assert.DoesNotContain("<img", await File.ReadAllTextAsync(page));
    }

    [Fact]
    public async Task A_run_is_reported_when_it_ends()
    {
        string page = _folder.File("eval.html");
        ProgramResult result = await BuiltProgram.RunAsync(
            "eval", _dataset, "--images", Samples, "--task", "text", "--model", Repository.PaliNano, "--limit", "2",
            "--against", Journal("a", 2), "--html", page, "--json", "--out", _folder.File("run.jsonl"));
        JsonElement json = result.Succeeded().Json();
        Assert.Equal((2, "a"), (json.GetProperty("answers").GetInt32(), json.GetProperty("against").GetString()));
        Assert.Contains(json.GetProperty("differences").EnumerateArray(), line =>
            line.GetString()!.StartsWith("model:", StringComparison.Ordinal));
        Assert.True(File.Exists(page));
        JsonElement header = JsonDocument.Parse(File.ReadLines(_folder.File("run.jsonl")).First()).RootElement;
        Assert.Equal((_dataset, Samples), (header.GetProperty("dataset").GetString(), header.GetProperty("images").GetString()));
    }

    [Fact]
    public async Task What_can_not_be_reported_is_told()
    {
        string journal = Journal("a", 2);
        Assert.Contains("there is no such journal", (await ReportAsync(journal, "--against", "none.jsonl")).OneLineError(exitCode: 2));
        Assert.Contains("its folder does not exist",
            (await ReportAsync(journal, "--html", "no/such/folder.html")).OneLineError(exitCode: 2));
        Assert.Contains("exclude each other", (await ReportAsync(journal, "--json", "--markdown")).OneLineError(exitCode: 2));
        Assert.Contains("--resamples -1", (await ReportAsync(journal, "--resamples", "-1")).OneLineError(exitCode: 2));
        Assert.Contains("no line of an evaluation's journal", (await ReportAsync(_dataset)).OneLineError(exitCode: 1));
        Assert.Contains("different tasks", (await ReportAsync(journal, "--against", Journal("b", 2, "gqa"))).OneLineError(exitCode: 1));
    }

    private Task<ProgramResult> ReportAsync(params string[] arguments) =>
        BuiltProgram.RunAsync(["report", .. arguments]);

    private string Journal(string model, int right, string task = "text")
    {
        string header = $$$"""
            {"journal":1,"task":"{{{task}}}","dataset":{{{JsonSerializer.Serialize(_dataset)}}},
            "images":{{{JsonSerializer.Serialize(Samples)}}},"model":{"name":{{{JsonSerializer.Serialize(model)}}},"text":"1","vision":"2"},"adapters":[],"options":{}}
            """;
        IEnumerable<string> entries = Enumerable.Range(1, Items).Select(i =>
            $$"""{"id":"{{i}}","prompt":"caption en","tokens":{{3 + (i % 2)}},"answer":"{{(i <= right ? Caption : "a dog")}}"}""");
        string content = string.Concat(entries.Prepend(header.ReplaceLineEndings("")).Select(line => line + "\n"));
        return Write($"{model.Length}.{right}.{task}.jsonl", content);
    }

    private string Write(string name, string content)
    {
        string path = _folder.File(name);
        File.WriteAllText(path, content);
        return path;
    }
}
