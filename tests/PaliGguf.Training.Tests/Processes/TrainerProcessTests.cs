using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Tests.Runs;

namespace PaliGguf.Training.Tests.Processes;

public sealed class TrainerProcessTests : IDisposable
{
    private const double Noise = 150e6;

    // So that a run is not at its end before a busy machine lets it be interrupted.
    private const int LongEnough = 100;
    private readonly SmallData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task However_it_is_ended_a_run_goes_on_to_the_same_files()
    {
        if (OperatingSystem.IsWindows()) return;
        string undisturbed = _data.Folder("undisturbed"), disturbed = _data.Folder("disturbed");
        Assert.Equal((0, ""), await EndAsync(await StartAsync(undisturbed)));

        string[] arguments = await ArgumentsAsync(disturbed);
        // Where the tests run in the background, a shell has SIGINT ignored.
        int signal = Signal.CanSend(Signal.Interrupt) ? Signal.Interrupt : Signal.Terminate;
        using (Process interrupted = await StartAndAsync(arguments, disturbed, 2, process => Signal.Send(process, signal)))
        {
            (int code, string problem) = await EndAsync(interrupted);
            Assert.Equal((130, "paligguf: ended and saved; the same command goes on."), (code, problem));
        }

        using (Process killed = await StartAndAsync(arguments, disturbed, 30, process => process.Kill()))
        {
            await killed.WaitForExitAsync();
        }

        Assert.Equal((0, ""), await EndAsync(await StartAsync(disturbed)));
        Assert.All(["peft/adapter_model.safetensors", "peft/adapter_config.json", "adapter.gguf", "last.safetensors"], file =>
            Assert.Equal(File.ReadAllBytes(Path.Combine(undisturbed, file)), File.ReadAllBytes(Path.Combine(disturbed, file))));
        Assert.Equal(Losses(undisturbed), Losses(disturbed));
    }

    [Fact]
    public async Task A_run_can_be_watched()
    {
        if (OperatingSystem.IsWindows()) return;
        using Process process = await StartAsync(_data.Folder("watched"), 1_000_000, "--watch");
        string? line = await process.StandardError.ReadLineAsync();
        Assert.StartsWith("the page of the run: http://127.0.0.1:", line, StringComparison.Ordinal);
        using HttpClient client = new();
        Assert.Contains("<h1>Training: watched</h1>", await client.GetStringAsync(line!.Split(' ')[^1]), StringComparison.Ordinal);
        process.Kill();
        await process.WaitForExitAsync();
    }

    [Theory]
    [InlineData("train.jsonl --model nowhere.gguf", 1, "paligguf: nowhere.gguf: no such model file.")]
    [InlineData("train.jsonl --model nowhere.gguf --rank 0", 2, "paligguf: --rank is 0; expected 1 to 4096. See 'paligguf train --help'.")]
    [InlineData("train.jsonl --model nowhere.gguf --watch", 1, "paligguf: nowhere.gguf: no such model file.")]
    [InlineData("train.jsonl --model nowhere.gguf --watch 65536", 2, "paligguf: ")]
    [InlineData("train.jsonl --method magic", 2, "")]
    [InlineData("train.jsonl --model MODEL --flip 0.5 --keep-soft-tokens", 1, "paligguf: soft tokens are kept of pictures as they are: ")]
    [InlineData("train.jsonl --model MODEL --evaluate text", 1, "paligguf: --evaluate needs data to measure by: ")]
    [InlineData("train.jsonl --model MODEL --evaluate nothing --validation x", 1, "paligguf: There is no task 'nothing'; ")]
    public async Task What_can_not_be_done_is_one_line(string arguments, int code, string message)
    {
        string[] words = arguments.Replace("MODEL", Repository.PaliNano, StringComparison.Ordinal).Split(' ');
        using Process process = Start([.. words, "--out", _data.Folder("out")]);
        (int found, string problem) = await EndAsync(process);
        Assert.Equal(code, found);
        Assert.StartsWith(message, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
        Assert.False(Directory.Exists(_data.Folder("out")));
    }

    [Theory]
    [InlineData("held")]
    [InlineData("streamed")]
    public async Task The_peak_of_a_run_is_known_before(string weights)
    {
        if (!OperatingSystem.IsLinux()) return;
        TrainingSettings settings = await _data.SettingsAsync("unused");
        string[] options =
        [
            "--model", settings.Model.Text, "--vision", settings.Model.Vision, "--batch", "6", "--micro-batch", "6", "--weights", weights,
            "--threads", "1",
        ];
        using Process plan = Start(["plan", .. options, "--text-tokens", "12", "--json"]);
        using JsonDocument forecast = JsonDocument.Parse(await plan.StandardOutput.ReadToEndAsync());
        using Process run = Start([_data.Path, .. options, "--steps", "4", "--out", _data.Folder("out")]);
        string told = await run.StandardError.ReadToEndAsync();
        Assert.Equal(2, forecast.RootElement.GetProperty("layers").GetInt32());
        Assert.True(forecast.RootElement.GetProperty("fits").GetBoolean());
        double peak = double.Parse(Regex.Match(told, "peak memory ([0-9.]+) GB").Groups[1].Value, CultureInfo.InvariantCulture) * 1e9;
        // The runtime's own memory differs by some ten megabytes from process to process, and is most of what so small a model takes.
        Assert.InRange(forecast.RootElement.GetProperty("peak").GetInt64(), peak - Noise, peak + Noise);
    }

    [Fact]
    public async Task A_model_that_was_pulled_is_named_as_elsewhere()
    {
        TrainingSettings settings = await _data.SettingsAsync("unused");
        string home = _data.Folder("home"), folder = Path.Combine(home, "models", "somebody", "tiny", new string('0', 40), "Q8_0");
        Directory.CreateDirectory(folder);
        List<object> files = [];
        foreach (string file in new[] { settings.Model.Text, settings.Model.Vision })
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            files.Add(new { name = Path.GetFileName(file), bytes = new FileInfo(file).Length });
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "manifest.json"), JsonSerializer.Serialize(
            new { kind = "Pair", revision = "main", endpoint = "https://huggingface.co", pulled = DateTimeOffset.UtcNow, files }));
        Dictionary<string, string> variables = new(StringComparer.Ordinal) { ["PALIGGUF_HOME"] = home };
        using Process bench = Start(["bench", "--model", "tiny", "--batch", "1", "--runs", "1", "--threads", "1", "--json"], variables);
        Task<string> error = bench.StandardError.ReadToEndAsync();
        string told = await bench.StandardOutput.ReadToEndAsync();
        Assert.Equal("", await error);
        Assert.NotEqual(0, JsonDocument.Parse(told).RootElement.GetProperty("tokenMs").GetDouble());
        using Process unknown = Start(["bench", "--model", "tiniest"], variables);
        (int code, string problem) = await EndAsync(unknown);
        Assert.Equal(1, code);
        Assert.Contains("tiniest: no such model file, and no model of that name was pulled", problem, StringComparison.Ordinal);
    }

    private static string[] Losses(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "metrics.jsonl"))
            .Select(line => line[..line.IndexOf(",\"seconds", StringComparison.Ordinal)])];

    private async Task<Process> StartAsync(string output, int steps = LongEnough, params string[] more) =>
        Start(await ArgumentsAsync(output, steps, more));

    private async Task<string[]> ArgumentsAsync(string output, int steps = LongEnough, params string[] more)
    {
        TrainingSettings settings = await _data.SettingsAsync("unused");
        return
        [
            _data.Path, "--model", settings.Model.Text, "--vision", settings.Model.Vision, "--out", output,
            "--rank", "4", "--dropout", "0.1", "--steps", $"{steps}", "--batch", "2", "--micro-batch", "1",
            "--threads", "1", "--save-every", "10", "--rate", "1e-3", .. more,
        ];
    }

    private static Process Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "paligguf-train.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["PALIGGUF_MODEL"] = "" },
        };
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    // On a thread of its own: what is awaited goes on when other tests let it, and a run does not wait for them.
    private static Task<Process> StartAndAsync(string[] arguments, string folder, int steps, Action<Process> action) =>
        Task.Factory.StartNew(
        () =>
        {
            Process process = Start(arguments);
            string metrics = Path.Combine(folder, "metrics.jsonl");
            while (!process.HasExited && (!File.Exists(metrics) || ReadLines(metrics) < steps)) Thread.Sleep(10);
            action(process);
            return process;
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static int ReadLines(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new StreamReader(file).ReadToEnd().Count(c => c == '\n');
    }

    // The exit code, and what is no progress.
    private static async Task<(int Code, string Problem)> EndAsync(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode,
            string.Join('\n', error.Split('\n').Where(line => line.StartsWith("paligguf:", StringComparison.Ordinal))));
    }
}
