using System.Diagnostics;
using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class BenchCommandTests
{
    private static readonly string[] Times = ["visionMs", "captionMs", "loadMs", "peakMemoryBytes", "decodeResizeMs", "firstCaptionMs"];

    // Several tests look at one run.
    private static readonly Lazy<Task<JsonElement>> Compared = new(async () =>
    {
        using TemporaryFolder temporary = new(), model = new();
        // Files of its own: those that other tests have mapped at the time do not leave the memory.
        foreach (string file in Directory.EnumerateFiles(Repository.PaliNano, "*.gguf")) File.Copy(file, model.File(Path.GetFileName(file)));
        ProgramResult result = await BuiltProgram.RunAsync(Within(temporary, "bench", BuiltProgram.Sample, "--model", model.Path, "--runs", "1", "--tokens", "4", "--vs", "baseline", "--json"));
        Assert.Empty(Directory.EnumerateDirectories(temporary.Path));
        return result.Succeeded().Json();
    });

    [Fact]
    public async Task Json_has_both_sides_and_how_many_times_better_one_is()
    {
        JsonElement json = await Compared.Value;
        JsonElement baseline = json.GetProperty("baseline"), own = json.GetProperty("paligguf"), ratio = json.GetProperty("ratio");
        foreach (string figure in Times) IsRatio(Number(ratio, figure), Number(baseline, figure), Number(own, figure));
        IsRatio(Number(ratio, "visionPlainMs"), Number(baseline, "visionPlainMs"), Number(own, "visionMs"));
        IsRatio(Number(ratio, "prefixTokensPerSecond"), Number(own, "prefixTokensPerSecond"), Number(baseline, "prefixTokensPerSecond"));
        foreach (string count in new[] { "1", "2", "4", "8" })
        {
            IsRatio(Rate(ratio, count), Rate(own, count), Rate(baseline, count));
            // One request at a time, however many wait.
            Assert.Equal(Rate(baseline, "1"), Rate(baseline, count));
        }

        Assert.Equal("F16", baseline.GetProperty("tower").GetProperty("type").GetString());
        Assert.Equal(["CPU"], baseline.GetProperty("tower").GetProperty("bufferTypes").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("Q8_0", own.GetProperty("tower").GetProperty("type").GetString());
    }

    [Fact]
    public async Task LLamaSharp_is_measured_in_a_program_of_its_own_and_gives_fewer_right_answers()
    {
        using TemporaryFolder folder = new();
        string answers = Goldens(folder, 12);
        JsonElement json = (await BuiltProgram.RunAsync(
            "bench", BuiltProgram.Sample, "--runs", "1", "--tokens", "3", "--sequences", "2", "--warm",
            "--vs", "llamasharp", "--answers", answers, "--json")).Succeeded().Json();
        JsonElement theirs = json.GetProperty("llamasharp"), own = json.GetProperty("paligguf"), ratio = json.GetProperty("ratio");
        Assert.Equal(JsonValueKind.Null, json.GetProperty("baseline").ValueKind);
        foreach (string figure in Times) IsRatio(Number(ratio, figure), Number(theirs, figure), Number(own, figure));
        foreach (string count in new[] { "1", "2" }) IsRatio(Rate(ratio, count), Rate(own, count), Rate(theirs, count));
        Assert.Equal(12, json.GetProperty("questions").GetInt32());
        Assert.InRange(Number(own, "rightAnswers"), 9, 12);
        Assert.InRange(Number(theirs, "rightAnswers"), 0, Number(own, "rightAnswers") - 1);
    }

    [Fact]
    public async Task Json_has_the_median_of_each_figure_and_all_runs()
    {
        JsonElement json = (await BuiltProgram.RunAsync("bench", "--runs", "3", "--tokens", "5", "--sequences", "3", "--warm", "--json")).Succeeded().Json();

        Assert.Equal(3, json.GetProperty("runs").GetInt32());
        Assert.Equal(5, json.GetProperty("tokens").GetInt32());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("baseline").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("ratio").ValueKind);
        JsonElement own = json.GetProperty("paligguf");
        foreach (Func<JsonElement, double> figure in Times.Append("prefixTokensPerSecond").Select(name => (Func<JsonElement, double>)(side => Number(side, name))).Append(side => Rate(side, "1")).Append(side => Rate(side, "3")))
        {
            double[] samples = [.. own.GetProperty("samples").EnumerateArray().Select(figure).Order()];
            Assert.Equal([figure(own.GetProperty("least")), figure(own), figure(own.GetProperty("most"))], samples);
            Assert.True(samples[0] > 0);
        }

        Assert.Equal(JsonValueKind.Null, own.GetProperty("coldLoadMs").ValueKind);
        Assert.Contains("--warm", json.GetProperty("coldProblem").GetString());
    }

    [Fact]
    public async Task Json_tells_what_was_measured_on_and_what_bounds_the_figures()
    {
        JsonElement json = await Compared.Value;
        JsonElement machine = json.GetProperty("machine"), memory = machine.GetProperty("memoryReadBytesPerSecond"), work = json.GetProperty("work");
        Assert.Equal(Environment.ProcessorCount, machine.GetProperty("logicalCores").GetInt32());
        foreach (string name in new[] { "cpu", "architecture", "os", "runtime", "llama", "ggmlCommit" }) Assert.NotEqual("", machine.GetProperty(name).GetString());
        Assert.True(Number(memory, "oneThread") > 1e8 && Number(memory, "allThreads") > 1e8);
        Assert.Equal(Number(memory, "allThreads") / Number(work, "weightBytesPerToken"), Number(work, "decodeTokensPerSecond"), tolerance: 0.01);

        // pali-nano: 64 patches of 588 through 6 layers of width 256 and an MLP of 1024, to a width of 256.
        double weights = (588 * 256) + (6 * ((4 * 256 * 256) + (2 * 256 * 1024))) + (256 * 256);
        Assert.Equal(2 * 64 * (weights + (6 * 2 * 256 * 64)) / 1e9, Number(work, "visionGflop"), tolerance: 0.001);
        Assert.Equal(1e3 * Number(work, "visionGflop") / Number(json.GetProperty("paligguf"), "visionMs"), Number(json.GetProperty("paligguf"), "visionGflopPerSecond"), tolerance: 0.1);
    }

    [Fact]
    public async Task Files_are_dropped_from_memory_where_the_system_allows_it()
    {
        if (!OperatingSystem.IsLinux()) return;
        using TemporaryFolder disk = new();
        foreach (string file in Directory.EnumerateFiles(Repository.PaliNano, "*.gguf")) File.Copy(file, disk.File(Path.GetFileName(file)));
        string[] once = ["--runs", "1", "--tokens", "2", "--sequences", "1"];
        JsonElement json = (await BuiltProgram.RunAsync(["bench", "--model", disk.Path, .. once, "--json"])).Succeeded().Json();

        // A temporary folder may lie on a memory disk, and a file that was just written may not be on the disk yet.
        if (json.GetProperty("coldProblem").GetString() is { } problem) Assert.Contains("stays in memory", problem);
        else Assert.True(Number(json.GetProperty("paligguf"), "coldLoadMs") > 0 && Number(json.GetProperty("paligguf"), "coldCaptionMs") > 0);
    }

    [Fact]
    public async Task A_table_has_a_row_for_each_figure_and_fits_a_terminal()
    {
        string output = (await BuiltProgram.RunAsync("bench", "--runs", "1", "--tokens", "2", "--sequences", "2", "--vs", "baseline", "--warm")).Succeeded().Output;

        string[] table = [.. output.Split('\n').SkipWhile(line => line.Length > 0).Skip(1).TakeWhile(line => line.Length > 0)];
        Assert.All(table, line => Assert.InRange(line.Length, 1, 100));
        foreach (string row in new[] { "vision tower", "with plain attention", "prefix of", "decode, 1 at once", "decode, 2 at once", "caption of 12 tokens", "load", "peak memory" })
        {
            Assert.Contains(table, line => line.TrimStart().StartsWith(row, StringComparison.Ordinal));
        }

        Assert.DoesNotContain('\e', output);
    }

    [Theory]
    [InlineData("expected 'baseline' or 'llamasharp'", "--vs", "ollama")]
    [InlineData("'0'", "--sequences", "1,0")]
    [InlineData("'some'", "--sequences", "some")]
    [InlineData("'4b' is no size", "--synthetic", "4b")]
    [InlineData("--runs is 0", "--runs", "0")]
    [InlineData("--tokens is 1", "--tokens", "1")]
    [InlineData("--synthetic", "--type", "q4_0")]
    [InlineData("--synthetic", "--keep", "folder")]
    public async Task What_makes_no_sense_is_refused(string expected, params string[] arguments) =>
        Assert.Contains(expected, (await BuiltProgram.RunAsync(["bench", .. arguments])).OneLineError(ExitCode.Usage));

    [Theory]
    [InlineData("no-such.png", "no-such.png")]
    [InlineData("no-such.json", "--answers", "no-such.json", "--warm")]
    [InlineData("GenerationTimings.gguf", "--model", "GenerationTimings.gguf")]
    [InlineData("--context", "--context", "256", "--tokens", "250", "--runs", "1", "--warm")]
    public async Task What_can_not_be_measured_is_one_line(string expected, params string[] arguments) =>
        Assert.Contains(expected, (await BuiltProgram.RunAsync(["bench", .. arguments])).OneLineError());

    [Fact]
    public async Task Interrupted_while_it_makes_a_model_it_leaves_no_files() => await InterruptAsync(
        (_, folder) => BuiltProgram.UntilAsync(() => Directory.EnumerateFiles(folder, "*.partial", SearchOption.AllDirectories).Any()), "--synthetic", "3b-224");

    [Fact]
    public async Task Interrupted_while_it_measures_it_leaves_no_files_and_no_process() => await InterruptAsync((process, _) => BuiltProgram.DividedAsync(process), "--vs", "baseline");

    /// <summary>A file of the first reference answers, and their pictures beside it.</summary>
    private static string Goldens(TemporaryFolder folder, int count)
    {
        using JsonDocument all = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.PaliNano, "goldens.json")));
        JsonElement[] first = [.. all.RootElement.GetProperty("goldens").EnumerateArray().Take(count)];
        foreach (string picture in first.Select(golden => golden.GetProperty("image").GetString()!).Distinct())
        {
            File.Copy(Path.Combine(Repository.PaliNano, "samples", picture), folder.File(picture));
        }

        File.WriteAllText(folder.File("goldens.json"), JsonSerializer.Serialize(new { goldens = first }));
        return folder.File("goldens.json");
    }

    private static async Task InterruptAsync(Func<Process, string, Task> ready, params string[] arguments)
    {
        if (!Signal.CanSend(Signal.Terminate)) return;
        using TemporaryFolder temporary = new();
        using Process process = BuiltProgram.Start(Within(temporary, ["bench", "--runs", "100", .. arguments]));
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await ready(process, temporary.Path);
        Assert.NotEmpty(Directory.EnumerateDirectories(temporary.Path));
        Signal.Send(process, Signal.Terminate);

        // Their ends come when no process has the streams any more.
        Assert.Equal(130, (await BuiltProgram.EndAsync(process, output, error)).ExitCode);
        Assert.Empty(Directory.EnumerateDirectories(temporary.Path));
    }

    private static ProgramRun Within(TemporaryFolder temporary, params string[] arguments) =>
        new(arguments) { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["TMPDIR"] = temporary.Path, ["TMP"] = temporary.Path, ["TEMP"] = temporary.Path } };

    private static double Number(JsonElement side, string name) => side.GetProperty(name).GetDouble();

    private static double Rate(JsonElement side, string count) => Number(side.GetProperty("decodeTokensPerSecond"), count);

    private static void IsRatio(double ratio, double over, double under)
    {
        Assert.True(over > 0 && under > 0);
        Assert.Equal(over / under, ratio, tolerance: 0.001);
    }
}
