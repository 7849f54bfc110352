using System.Diagnostics;
using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class BatchCommandTests : IDisposable
{
    private const int Pictures = 40;

    private static readonly string Samples = Path.Combine(Repository.PaliNano, "samples");

    private readonly TemporaryFolder _folder = new();

    private string Results => _folder.File("out.jsonl");

    private string Journal => Results + ".journal";

    private string Failures => Results + ".failures.jsonl";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Several_tasks_about_a_folder_give_a_line_each_and_the_tower_runs_once_a_picture()
    {
        int pictures = Directory.EnumerateFiles(Samples, "*.png").Count();
        JsonElement told = (await RunAsync([Samples], "--task", "caption", "--task", "detect turtle", "--json")).Succeeded().Json();
        Assert.Equal(pictures, told.GetProperty("pictures").GetInt64());
        Assert.Equal(pictures, told.GetProperty("towerPasses").GetInt64());
        Assert.True(told.GetProperty("complete").GetBoolean());
        JsonElement[] lines = Lines(Results);
        Assert.Equal(2 * pictures, lines.Length);
        Assert.Equal("scene_01.png", lines[0].GetProperty("id").GetString());
        Assert.Equal(Path.Combine(Samples, "scene_01.png"), lines[0].GetProperty("source").GetString());
        Assert.Equal("a turtle on an orange background", lines[0].GetProperty("answer").GetProperty("text").GetString());
        Assert.Equal("turtle", lines[1].GetProperty("answer").GetProperty("detections")[0].GetProperty("label").GetString());
    }

    [Fact]
    public async Task What_is_killed_at_any_moment_goes_on_and_ends_with_the_same_lines()
    {
        string input = List();
        Assert.Equal(1, (await RunAsync([input], "--task", "caption")).ExitCode);
        string[] expected = [.. File.ReadLines(Results).Order(StringComparer.Ordinal)];
        string[] failures = File.ReadAllLines(Failures);
        Random random = new(1);
        for (int round = 0; round < 6; round++)
        {
            foreach (string file in (string[])[Results, Journal, Failures]) File.Delete(file);
            for (int kill = 0; kill < 3; kill++)
            {
                // From the beginning of the first line on.
                long until = random.NextInt64(expected.Sum(line => line.Length + 1L));
                using Process process = BuiltProgram.Start(new ProgramRun(Arguments([input], "--task", "caption")));
                await BuiltProgram.UntilAsync(() => process.HasExited || Length(Results) >= until);
                process.Kill();
                await process.WaitForExitAsync();
            }

            Assert.Equal(1, (await RunAsync([input], "--task", "caption")).ExitCode);
            Assert.Equal(expected, File.ReadLines(Results).Order(StringComparer.Ordinal));
            Assert.Equal(failures, File.ReadAllLines(Failures));
        }
    }

    [Fact]
    public async Task An_interruption_finishes_what_is_begun_and_the_same_command_goes_on()
    {
        if (!Signal.CanSend(Signal.Interrupt)) return;
        byte[] all = await File.ReadAllBytesAsync(List());
        using Process process = BuiltProgram.Start(new ProgramRun(Arguments(["-"], "--task", "caption")));
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        // Its input stays open: it can not be through before it is interrupted.
        await process.StandardInput.BaseStream.WriteAsync(all.AsMemory(0, all.AsSpan()[..^1].LastIndexOf((byte)'\n') + 1));
        await process.StandardInput.BaseStream.FlushAsync();
        await BuiltProgram.UntilAsync(() => Length(Results) > 0);
        Signal.Send(process, Signal.Interrupt);
        ProgramResult ended = await BuiltProgram.EndAsync(process, output, error);
        Assert.Equal(130, ended.ExitCode);
        Assert.Contains("the same command goes on", ended.Error);
        int done = Lines(Results).Length + Lines(Failures).Length;
        Assert.InRange(done, 1, Pictures - 1);
        ProgramResult rest = await BuiltProgram.RunAsync(new ProgramRun(Arguments(["-"], "--task", "caption")) { Input = all });
        Assert.Contains($"{done} were done before", rest.Output);
        Assert.Equal(Pictures - 1, Lines(Results).Length);
    }

    [Fact]
    public async Task Two_processes_do_not_write_the_same_results()
    {
        using Process first = BuiltProgram.Start(new ProgramRun(Arguments(["-"], "--task", "caption")));
        await BuiltProgram.UntilAsync(() => Length(Journal) > 0);
        string line = (await RunAsync(["-"], "--task", "caption")).OneLineError();
        Assert.Contains("another process writes it", line);
        first.Kill();
        await first.WaitForExitAsync();
        // The system lets go of the journal when its process ends.
        (await RunAsync(["-"], "--task", "caption")).Succeeded();
    }

    [Fact]
    public async Task Another_prompt_or_option_or_model_is_refused_with_what_differs()
    {
        (await RunAsync([BuiltProgram.Sample], "--task", "caption")).Succeeded();
        Assert.Contains("--task: caption (caption en) there, ocr (ocr) now",
            (await RunAsync([BuiltProgram.Sample], "--task", "ocr")).OneLineError());
        Assert.Contains("--task: caption (caption en) there, caption (caption th) now",
            (await RunAsync([BuiltProgram.Sample], "--task", "caption", "--lang", "th")).OneLineError());
        Assert.Contains("--max-tokens: 256 there, 9 now",
            (await RunAsync([BuiltProgram.Sample], "--task", "caption", "--max-tokens", "9")).OneLineError());
        Assert.Contains("--input: ", (await RunAsync([Samples], "--task", "caption")).OneLineError());
        string model = _folder.File("model");
        Directory.CreateDirectory(model);
        foreach (string file in Directory.EnumerateFiles(Repository.PaliNano, "*.gguf"))
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        using (FileStream vision = File.OpenWrite(Directory.EnumerateFiles(model, "mmproj*").Single()))
        {
            // The last byte of the last weight.
            vision.Seek(-1, SeekOrigin.End);
            vision.WriteByte(42);
        }

        Assert.Contains("vision: ", (await RunAsync([BuiltProgram.Sample], "--task", "caption", "--model", model)).OneLineError());
    }

    [Fact]
    public async Task What_failed_is_told_and_asked_again()
    {
        string late = _folder.File("late.png");
        string list = _folder.File("list.jsonl");
        await File.WriteAllLinesAsync(
            list, [$"{{\"image\": \"late.png\"}}",
            $"{{\"image\": \"{BuiltProgram.Sample}\", \"id\": \"turtle\", \"prompt\": \"answer en is there a turtle?\"}}", "{"]);
        ProgramResult first = await RunAsync([list], "--task", "caption");
        Assert.Equal(1, first.ExitCode);
        Assert.Contains("1 pictures answered, 2 failed", first.Output);
        Assert.Contains(Failures, first.Output);
        JsonElement[] failures = Lines(Failures);
        Assert.Contains("late.png", failures[0].GetProperty("error").GetString());
        Assert.Contains("line 3: it is no JSON", failures[1].GetProperty("error").GetString());
        File.Copy(BuiltProgram.Sample, late);
        Assert.Equal(1, (await RunAsync([list], "--task", "caption", "--retry-failed", Failures)).ExitCode);
        Assert.Equal(["turtle", "late.png"], Lines(Results).Select(line => line.GetProperty("id").GetString()));
        Assert.Equal("yes", Lines(Results)[0].GetProperty("answer").GetProperty("text").GetString());
        Assert.Contains("line 3", Assert.Single(Lines(Failures)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_full_disk_ends_it_in_one_line_and_it_goes_on_when_there_is_room()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return;
        string disk = _folder.File("disk");
        Directory.CreateDirectory(disk);
        string results = Path.Combine(disk, "out.jsonl"), input = List();
        if (await SystemAsync("mount", "-t", "tmpfs", "-o", "size=16k", "batch", disk) != 0) return;
        try
        {
            string[] command = ["batch", input, "--task", "caption", "--out", results];
            await File.WriteAllBytesAsync(Path.Combine(disk, "other"), new byte[4096]);
            string error = (await BuiltProgram.RunAsync(command)).OneLineError();
            Assert.Contains("No space left on device", error);
            Assert.Contains("the same command goes on", error);
            Assert.InRange(Lines(results).Length, 1, Pictures - 2);
            File.Delete(Path.Combine(disk, "other"));
            await SystemAsync("mount", "-o", "remount,size=1m", disk);
            await BuiltProgram.RunAsync(command);
            Assert.Equal(Pictures - 1, Lines(results).Select(line => line.GetProperty("id").GetString()).Distinct().Count());
        }
        finally
        {
            await SystemAsync("umount", disk);
        }
    }

    [Fact]
    public async Task Names_come_from_standard_input_and_captions_lie_beside_their_pictures()
    {
        string picture = _folder.File("a.png");
        File.Copy(BuiltProgram.Sample, picture);
        ProgramRun run = new(Arguments(["-"], "--task", "caption", "--captions"))
        {
            Input = System.Text.Encoding.UTF8.GetBytes(picture + "\n"),
        };
        (await BuiltProgram.RunAsync(run)).Succeeded();
        Assert.Equal("a turtle on an orange background\n", await File.ReadAllTextAsync(_folder.File("a.txt")));
        Assert.Equal(picture, Assert.Single(Lines(Results)).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("--task", "paint", "There is no task 'paint'")]
    [InlineData("--sequences", "0", "0 sequences are out of range")]
    [InlineData("--limit", "0", "--limit 0 is too few pictures")]
    public async Task An_option_out_of_range_is_an_error(string option, string value, string problem) =>
        Assert.Contains(problem, (await RunAsync([BuiltProgram.Sample], option, value)).OneLineError(2));

    [Fact]
    public async Task Without_a_question_nothing_is_asked_of_pictures_that_ask_nothing_themselves()
    {
        Assert.Contains("--task", (await RunAsync([BuiltProgram.Sample])).OneLineError(2));
    }

    private static long Length(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;

    private static JsonElement[] Lines(string file) => File.Exists(file)
        ? [.. File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement)] : [];

    private static async Task<int> SystemAsync(string program, params string[] arguments)
    {
        using Process process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    // Links to the samples, and one picture in the middle that can not be read.
    private string List()
    {
        string[] samples = [.. Directory.EnumerateFiles(Samples, "*.png").Order(StringComparer.Ordinal)];
        string list = _folder.File("list.jsonl");
        File.WriteAllLines(list, Enumerable.Range(0, Pictures).Select(i =>
            $"{{\"id\": \"{i}\", \"image\": \"{(i == Pictures / 2 ? "missing.png" : samples[i % samples.Length])}\"}}"));
        return list;
    }

    private string[] Arguments(string[] inputs, params string[] options) => ["batch", .. inputs, "--out", Results, .. options];

    private Task<ProgramResult> RunAsync(string[] inputs, params string[] options) => BuiltProgram.RunAsync(Arguments(inputs, options));
}
