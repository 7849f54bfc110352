using System.Diagnostics;
using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

/// <summary>"eval" on the scenes that come with the small model.</summary>
public sealed class EvalCommandTests : IDisposable
{
    private const int Scenes = 4;

    private readonly TemporaryFolder _folder = new();
    private readonly string _dataset;
    private readonly string _journal;

    public EvalCommandTests()
    {
        _journal = _folder.File("run.jsonl");
        _dataset = Write("scenes.jsonl", string.Concat(Enumerable.Range(1, Scenes).Select(number => Line(number))));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Answers_are_as_alone_and_are_scored()
    {
        JsonElement json = (await EvalAsync("--json")).Succeeded().Json();
        Assert.Equal(("text", Scenes, 0),
            (json.GetProperty("task").GetString(), json.GetProperty("answers").GetInt32(), json.GetProperty("failures").GetInt32()));
        string[] lines = await File.ReadAllLinesAsync(_journal);
        Assert.Equal(1 + Scenes, lines.Length);
        JsonElement first = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal(("scene_01.png", "caption en", "a turtle on an orange background"),
            (first.GetProperty("id").GetString(), first.GetProperty("prompt").GetString(), first.GetProperty("answer").GetString()));
        Assert.InRange(first.GetProperty("logProbability").GetDouble(), -5, 0);
        Assert.Equal(448, first.GetProperty("picture").GetProperty("width").GetInt32());
    }

    [Fact]
    public async Task A_run_goes_on_where_it_stopped_and_answers_nothing_twice()
    {
        await EvalAsync("--limit", "2");
        string before = await File.ReadAllTextAsync(_journal);
        // As a killed run leaves it.
        await File.AppendAllTextAsync(_journal, "{\"id\":\"scene_03.png\",\"pro");
        (await EvalAsync()).Succeeded();
        string after = await File.ReadAllTextAsync(_journal);
        Assert.StartsWith(before, after);
        Assert.Equal(1 + Scenes, after.TrimEnd('\n').Split('\n').Length);

        // Nothing is left, so that not even the model is loaded.
        ProgramResult again = await EvalAsync("--verbose");
        again.Succeeded();
        Assert.Equal(after, await File.ReadAllTextAsync(_journal));
    }

    [Fact]
    public async Task A_killed_run_loses_no_answer_that_it_has_written()
    {
        if (!OperatingSystem.IsLinux()) return;
        string many = Write("many.jsonl", string.Concat(Enumerable.Range(0, 60).Select(i => Line(1 + (i % 12), "caption en", $"{i}"))));
        using (Process process = BuiltProgram.Start(new ProgramRun("eval", many, "--task", "text", "--images", Samples, "--out", _journal)))
        {
            await BuiltProgram.UntilAsync(() => IsBegun() || process.HasExited);
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.InRange(File.ReadLines(_journal).Count(), 4, 60);
        (await BuiltProgram.RunAsync("eval", many, "--task", "text", "--images", Samples, "--out", _journal)).Succeeded();
        string[] ids = [.. File.ReadLines(_journal).Skip(1).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!)];
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i}"), ids.OrderBy(id => int.Parse(id, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Ctrl_C_ends_a_run_and_says_how_it_goes_on()
    {
        if (!Signal.CanSend(Signal.Interrupt)) return;
        string many = Write("many.jsonl", string.Concat(Enumerable.Range(0, 200).Select(i => Line(1 + (i % 12), "caption en", $"{i}"))));
        using Process process = BuiltProgram.Start(new ProgramRun("eval", many, "--task", "text", "--images", Samples, "--out", _journal));
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await BuiltProgram.UntilAsync(() => IsBegun() || process.HasExited);
        Signal.Send(process, Signal.Interrupt);
        ProgramResult result = await BuiltProgram.EndAsync(process, output, error);
        Assert.Equal(130, result.ExitCode);
        Assert.Contains("the same command goes on", result.Error);
        Assert.EndsWith("\n", await File.ReadAllTextAsync(_journal));
    }

    [Fact]
    public async Task Another_prompt_or_model_does_not_go_into_the_journal()
    {
        await EvalAsync("--limit", "1");
        ProgramResult result = await EvalAsync("--prompt", "cap en");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--prompt:", result.Error);
        Assert.Contains("--max-tokens: 256 there, 3 now", (await EvalAsync("--max-tokens", "3")).Error);
    }

    [Fact]
    public async Task A_broken_picture_is_a_recorded_failure()
    {
        await File.AppendAllTextAsync(_dataset, """{"image": "none.png", "prefix": "caption en", "suffix": "a"}""" + "\n");
        ProgramResult result = await EvalAsync("--json");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"1 of {Scenes + 1} items have no answer, the first is 'none.png'", result.Error);
        Assert.Equal(Scenes, JsonDocument.Parse(result.Output).RootElement.GetProperty("answers").GetInt32());
        Assert.Contains("no such file", (await File.ReadAllLinesAsync(_journal))[^1]);
    }

    [Fact]
    public async Task Objects_are_asked_for_by_their_labels_and_scored()
    {
        string file = Write(
            "objects.jsonl",
            """{"image": "scene_01.png", "width": 448, "height": 448, "objects": [{"label": "turtle", "bbox": [146, 45, 119, 95]}]}""" + "\n");
        JsonElement json = (await BuiltProgram.RunAsync(
            "eval", file, "--images", Samples, "--task", "detection", "--out", _journal, "--json")).Succeeded().Json();
        JsonElement[] boxes = [.. json.GetProperty("metrics")[0].GetProperty("values").EnumerateArray()];
        Assert.Equal("box IoU", boxes[0].GetProperty("name").GetString());
        Assert.InRange(boxes[0].GetProperty("value").GetDouble(), 0.8, 1);
        JsonElement entry = JsonDocument.Parse((await File.ReadAllLinesAsync(_journal))[1]).RootElement;
        Assert.Equal("detect turtle", entry.GetProperty("prompt").GetString());
        Assert.InRange(Assert.Single(entry.GetProperty("scores").EnumerateArray()).GetDouble(), 0.5, 1);

        // Scored again without the model.
        ProgramResult scored = await BuiltProgram.RunAsync("score", _journal, file, "--task", "detection", "--json");
        Assert.Equal(
            json.GetProperty("metrics").GetRawText(), scored.Succeeded().Json().GetProperty("metrics").GetRawText());
    }

    [Fact]
    public async Task Objects_are_exported_as_COCO_reads_them_and_score_the_same()
    {
        string file = Write(
            "instances.json",
            """
            {"images": [{"id": 7, "file_name": "scene_01.png", "width": 448, "height": 448}], "categories": [{"id": 3, "name": "turtle"}],
             "annotations": [{"image_id": 7, "id": 1, "category_id": 3, "bbox": [100, 100, 200, 200], "area": 40000,
              "segmentation": [[100, 100, 300, 100, 300, 300, 100, 300]]}]}
            """);
        string export = _folder.File("results.json");
        JsonElement run = (await BuiltProgram.RunAsync(
            "eval", file, "--images", Samples, "--task", "segmentation", "--out", _journal, "--export", export, "--json")).Succeeded().Json();
        JsonElement found = JsonDocument.Parse(await File.ReadAllTextAsync(export)).RootElement[0];
        Assert.Equal((7, 3, 4), (found.GetProperty("image_id").GetInt32(), found.GetProperty("category_id").GetInt32(),
            found.GetProperty("bbox").GetArrayLength()));
        Assert.Equal(448, found.GetProperty("segmentation").GetProperty("size")[0].GetInt32());
        foreach (string answers in new[] { export, _journal })
        {
            JsonElement scores = (await BuiltProgram.RunAsync("score", answers, file, "--task", "segmentation", "--json")).Succeeded().Json();
            Assert.Equal(run.GetProperty("metrics").GetRawText(), scores.GetProperty("metrics").GetRawText());
        }
    }

    [Fact]
    public async Task Answers_are_exported_as_COCO_reads_them()
    {
        string file = Write(
            "captions.json",
            """{"images": [{"id": 7, "file_name": "scene_01.png"}], "annotations": [{"image_id": 7, "id": 1, "caption": "a turtle"}]}""");
        string export = _folder.File("results.json");
        (await BuiltProgram.RunAsync("eval", file, "--images", Samples, "--task", "coco-captions", "--export", export)).Succeeded();
        Assert.Equal("""[{"image_id":7,"caption":"a turtle on an orange background"}]""", await File.ReadAllTextAsync(export));
        (await BuiltProgram.RunAsync("score", export, file, "--task", "coco-captions")).Succeeded();
    }

    [Theory]
    [InlineData("name a task", "--metrics", "exact")]
    [InlineData("what to score is not said")]
    [InlineData("--limit 0 is too few", "--task", "text", "--limit", "0")]
    [InlineData("--seed draws", "--task", "text", "--seed", "1")]
    [InlineData("0 sequences are out of range", "--task", "text", "--sequences", "0")]
    [InlineData("--retry needs", "--task", "text", "--retry")]
    [InlineData("words_th.txt", "--task", "thai-captions")]
    public async Task What_is_not_understood_is_an_error_of_usage(string message, params string[] options)
    {
        ProgramResult result = await BuiltProgram.RunAsync(["eval", _dataset, .. options]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error);
    }

    private static string Samples => Path.Combine(Repository.PaliNano, "samples");

    private static string Line(int number, string prompt = "caption en", string? id = null)
    {
        string own = id is null ? "" : $"\"id\": \"{id}\", ";
        return $"{{{own}\"image\": \"scene_{number:D2}.png\", \"prefix\": \"{prompt}\", \"suffix\": \"a turtle on an orange background\"}}\n";
    }

    // It can not be read while it is written.
    private bool IsBegun() => File.Exists(_journal) && new FileInfo(_journal).Length > 2000;

    private Task<ProgramResult> EvalAsync(params string[] options) =>
        BuiltProgram.RunAsync(["eval", _dataset, "--images", Samples, "--task", "text", "--out", _journal, .. options]);

    private string Write(string name, string text)
    {
        string path = _folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }
}
