using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PaliGguf.Broker.Tests.Rabbit;
using PaliGguf.Cli.Tests.Processes;
using Xunit.Abstractions;

namespace PaliGguf.Broker.Tests.Jobs;

/// <summary>A job of processes as users start them, of which some are killed. PALIGGUF_BROKER_PICTURES says how many pictures.</summary>
[Collection(RabbitCollection.Name)]
public sealed class MachineTests(RabbitServer rabbit, ITestOutputHelper output) : IDisposable
{
    private const double MostMegabytes = 250, MostGrowth = 60;

    private static readonly int Pictures =
        int.Parse(Environment.GetEnvironmentVariable("PALIGGUF_BROKER_PICTURES") ?? "200", CultureInfo.InvariantCulture);

    private readonly JobProcesses _job = new(rabbit);

    public void Dispose() => _job.Dispose();

    [RabbitFact]
    public async Task Three_workers_answer_each_picture_once_though_workers_and_broker_are_killed()
    {
        string results = _job.Folder.File("results.jsonl");
        Process[] workers = [_job.Start(Worker()), _job.Start(Worker()), _job.Start(Worker())];
        Stopwatch time = Stopwatch.StartNew();
        Process batch = _job.Start("batch", _job.WriteList(Pictures), "--task", "caption", "--out", results, "--json");
        Task<string> told = batch.StandardOutput.ReadToEndAsync(), error = batch.StandardError.ReadToEndAsync();
        await UntilAsync(batch, () => JobProcesses.Lines(results) >= Pictures / 4);
        workers[0].Kill();
        workers[0] = _job.Start(Worker());
        double half = Megabytes(batch, "VmRSS");
        await UntilAsync(batch, () => JobProcesses.Lines(results) >= Pictures / 2);
        rabbit.Kill();
        await rabbit.StartAsync();
        await UntilAsync(batch, () => JobProcesses.Lines(results) >= Pictures * 3 / 4);
        workers[1].Kill();
        double peak = await PeakAsync(batch);
        Assert.True(batch.ExitCode == 1, $"exit code {batch.ExitCode}: {await error}");

        JsonElement[] answers = [.. File.ReadLines(results).Select(line => JsonDocument.Parse(line).RootElement)];
        JsonElement[] failures = [.. File.ReadLines(results + ".failures.jsonl").Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(Enumerable.Range(0, Pictures), answers.Concat(failures).Select(Id).Order());
        Assert.Equal(Enumerable.Range(0, Pictures).Where(JobProcesses.IsBroken), failures.Select(Id).Order());
        Assert.All(failures, failure => Assert.Contains("broken.png", failure.GetProperty("error").GetString()));
        // Whoever answered, and whenever: the same about the same picture.
        foreach (IGrouping<string?, JsonElement> scene in answers.GroupBy(line => line.GetProperty("source").GetString()))
            Assert.Single(scene.Select(line => line.GetProperty("answer").GetProperty("text").GetString()).Distinct());
        JsonElement end = JsonDocument.Parse(await told).RootElement;
        Assert.Equal((true, Pictures), (end.GetProperty("complete").GetBoolean(), end.GetProperty("pictures").GetInt32()));
        output.WriteLine($"{Pictures} pictures in {time.Elapsed.TotalSeconds:0} s; who collects: {half} MB at a quarter, {peak} MB at most; a worker: {Megabytes(workers[2], "VmHWM")} MB at most");
        Assert.True(peak < MostMegabytes && peak - half < MostGrowth, $"{half} MB at first, {peak} MB at most");
        foreach (Process worker in new[] { workers[0], workers[2] })
        {
            Signal.Send(worker, Signal.Terminate);
            await worker.WaitForExitAsync();
            Assert.Equal(0, worker.ExitCode);
            _job.Forget(worker);
        }
    }

    [RabbitFact]
    public async Task A_worker_tells_that_it_is_ready_and_what_it_does_and_ends_in_an_orderly_way()
    {
        Process worker = _job.Start([.. Worker(), "--json", "--health", "http://127.0.0.1:0"]);
        JsonElement begun = JsonDocument.Parse((await worker.StandardOutput.ReadLineAsync())!).RootElement;
        Assert.Equal($"amqp://127.0.0.1:{rabbit.Port}", begun.GetProperty("broker").GetString());
        using HttpClient client = new() { BaseAddress = new Uri(begun.GetProperty("health").GetString()!) };
        await UntilAsync(worker, () => client.GetAsync("readyz").Result.IsSuccessStatusCode);
        Assert.Equal("{\"status\":\"ok\"}", await client.GetStringAsync("healthz"));
        string results = _job.Folder.File("one.jsonl");
        ProgramResult batch = await BuiltProgram.RunAsync(
            _job.Run("batch", BuiltProgram.Sample, "--task", "caption", "--out", results, "--json"));
        Assert.Equal(1, batch.Succeeded().Json().GetProperty("answered").GetInt32());
        string metrics = await client.GetStringAsync("metrics");
        Assert.Contains("paligguf_pictures_answered", metrics);
        Assert.Contains("paligguf_queue_length", metrics);
        Signal.Send(worker, Signal.Terminate);
        string end = await worker.StandardOutput.ReadToEndAsync();
        await worker.WaitForExitAsync();
        Assert.Equal("{\"answered\":1,\"failed\":0}\n", end);
        Assert.Equal(0, worker.ExitCode);
    }

    [RabbitFact]
    public async Task Passwords_come_from_the_environment_and_are_nowhere_printed()
    {
        foreach (string[] command in new[] { ["worker"], new[] { "batch", BuiltProgram.Sample, "--task", "caption", "--out", _job.Folder.File("a.jsonl") } })
        {
            ProgramResult refused = await BuiltProgram.RunAsync([.. command, "--broker", $"amqp://guest:secret@127.0.0.1:{rabbit.Port}"]);
            Assert.Contains("set PALIGGUF_BROKER_PASSWORD", refused.OneLineError(2));
            Assert.DoesNotContain("secret", refused.Error);
            ProgramResult wrong = await BuiltProgram.RunAsync(_job.Run(command) with
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PALIGGUF_BROKER_PASSWORD"] = "secret" },
            });
            Assert.Contains("does not let in the user 'guest'", wrong.Error);
            Assert.DoesNotContain("secret", wrong.Error + wrong.Output);
            Assert.Equal(1, wrong.ExitCode);
        }

        Assert.Contains("name it with --broker", (await BuiltProgram.RunAsync("worker")).OneLineError(2));
    }

    private static string[] Worker() => ["worker", "--sequences", "2"];

    private static int Id(JsonElement line) => int.Parse(line.GetProperty("id").GetString()!, CultureInfo.InvariantCulture);

    private static async Task UntilAsync(Process process, Func<bool> condition)
    {
        while (!condition())
        {
            Assert.False(process.HasExited, "The program has ended.");
            await Task.Delay(50);
        }
    }

    private static async Task<double> PeakAsync(Process process)
    {
        double peak = 0;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, Megabytes(process, "VmHWM"));
            await Task.Delay(50);
        }

        return peak;
    }

    private static double Megabytes(Process process, string what)
    {
        try
        {
            string line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(line => line.StartsWith(what, StringComparison.Ordinal)) ?? "0";
            return double.Parse(string.Concat(line.Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture) / 1000;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
