using System.Diagnostics;
using System.Globalization;
using PaliGguf.Broker.Tests.Rabbit;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;
using Xunit.Abstractions;

namespace PaliGguf.Broker.Tests.Jobs;

/// <summary>Who collects is killed at any point, and the same command goes on. PALIGGUF_BROKER_KILLS says how often.</summary>
[Collection(RabbitCollection.Name)]
public sealed class CollectorKillTests(RabbitServer rabbit, ITestOutputHelper output) : IDisposable
{
    private const int Pictures = 240;

    private static readonly int Kills =
        int.Parse(Environment.GetEnvironmentVariable("PALIGGUF_BROKER_KILLS") ?? "5", CultureInfo.InvariantCulture);

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _workers = [];

    public void Dispose()
    {
        foreach (Process worker in _workers)
        {
            worker.Kill(entireProcessTree: true);
            worker.WaitForExit();
            worker.Dispose();
        }

        _folder.Dispose();
    }

    [RabbitFact]
    public async Task The_results_are_those_of_an_undisturbed_run()
    {
        string list = WriteList();
        for (int worker = 0; worker < 2; worker++) _workers.Add(StartWorker());
        ProgramResult whole = await BuiltProgram.RunAsync(Batch(list, "whole.jsonl"));
        Assert.True(whole.ExitCode == 1, whole.Error);

        string results = _folder.File("killed.jsonl");
        int seed = Environment.TickCount;
        Random random = new(seed);
        output.WriteLine($"seed {seed}");
        int killed = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            // Anywhere from its start on, or within its work.
            (int time, int lines) = kill % 2 == 0 ? (random.Next(1500), 0) : (0, Lines(results) + random.Next(40));
            using Process batch = BuiltProgram.Start(Batch(list, "killed.jsonl"));
            Task<string> error = batch.StandardError.ReadToEndAsync();
            await Task.Delay(time);
            while (!batch.HasExited && Lines(results) < lines) await Task.Delay(1);
            if (!batch.HasExited) killed++;
            batch.Kill();
            await batch.WaitForExitAsync();
            output.WriteLine($"killed at {Lines(results)} lines: {await error}");
        }

        // The last of it is answered by a run that nobody kills.
        ProgramResult end = await BuiltProgram.RunAsync(Batch(list, "killed.jsonl"));
        Assert.True(end.ExitCode == 1, end.Error);
        Assert.InRange(killed, 1, Kills);
        foreach (string suffix in new[] { "", ".failures.jsonl" })
            Assert.Equal(Sorted(_folder.File("whole.jsonl") + suffix), Sorted(results + suffix));
        Assert.Equal(Pictures, Lines(results) + Lines(results + ".failures.jsonl"));
    }

    private static string[] Sorted(string path) => [.. File.ReadLines(path).Order(StringComparer.Ordinal)];

    private static int Lines(string path) => File.Exists(path) ? File.ReadLines(path).Count() : 0;

    private ProgramRun Batch(string list, string results) =>
        Run("batch", list, "--task", "caption", "--out", _folder.File(results), "--window", "40", "--json");

    private ProgramRun Run(params string[] arguments) =>
        new([.. arguments, "--broker", $"amqp://127.0.0.1:{rabbit.Port}", "--job", $"kills-{Path.GetFileName(_folder.Path)}"])
        {
            WorkingFolder = _folder.Path,
        };

    private Process StartWorker()
    {
        Process worker = BuiltProgram.Start(Run("worker", "--sequences", "2"));
        _ = worker.StandardError.BaseStream.CopyToAsync(Stream.Null);
        _ = worker.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        return worker;
    }

    private string WriteList()
    {
        string broken = _folder.Write("broken.png", "no picture"u8), list = _folder.File("list.jsonl");
        File.WriteAllLines(list, Enumerable.Range(0, Pictures).Select(number =>
        {
            string scene = Path.Combine(Repository.PaliNano, "samples", $"scene_{(number % 12) + 1:00}.png");
            return $$"""{"id":{{number}},"image":"{{(number % 50 == 7 ? broken : scene)}}"}""";
        }));
        return list;
    }
}
