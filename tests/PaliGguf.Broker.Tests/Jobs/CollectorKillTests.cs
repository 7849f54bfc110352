using System.Diagnostics;
using System.Globalization;
using PaliGguf.Broker.Tests.Rabbit;
using PaliGguf.Cli.Tests.Processes;
using Xunit.Abstractions;

namespace PaliGguf.Broker.Tests.Jobs;

/// <summary>Who collects is killed at any point, and the same command goes on. PALIGGUF_BROKER_KILLS says how often.</summary>
[Collection(RabbitCollection.Name)]
public sealed class CollectorKillTests(RabbitServer rabbit, ITestOutputHelper output) : IDisposable
{
    private const int Pictures = 240;

    private static readonly int Kills =
        int.Parse(Environment.GetEnvironmentVariable("PALIGGUF_BROKER_KILLS") ?? "5", CultureInfo.InvariantCulture);

    private readonly JobProcesses _job = new(rabbit);

    public void Dispose() => _job.Dispose();

    [RabbitFact]
    public async Task The_results_are_those_of_an_undisturbed_run()
    {
        string list = _job.WriteList(Pictures);
        for (int worker = 0; worker < 2; worker++) StartWorker();
        ProgramResult whole = await BuiltProgram.RunAsync(Batch(list, "whole.jsonl"));
        Assert.True(whole.ExitCode == 1, whole.Error);

        string results = _job.Folder.File("killed.jsonl");
        int seed = Environment.TickCount;
        Random random = new(seed);
        output.WriteLine($"seed {seed}");
        int killed = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            // Anywhere from its start on, or within its work.
            (int time, int lines) = kill % 2 == 0 ? (random.Next(1500), 0) : (0, JobProcesses.Lines(results) + random.Next(40));
            using Process batch = BuiltProgram.Start(Batch(list, "killed.jsonl"));
            Task<string> error = batch.StandardError.ReadToEndAsync();
            await Task.Delay(time);
            while (!batch.HasExited && JobProcesses.Lines(results) < lines) await Task.Delay(1);
            if (!batch.HasExited) killed++;
            batch.Kill();
            await batch.WaitForExitAsync();
            output.WriteLine($"killed at {JobProcesses.Lines(results)} lines: {await error}");
        }

        // The last of it is answered by a run that nobody kills.
        ProgramResult end = await BuiltProgram.RunAsync(Batch(list, "killed.jsonl"));
        Assert.True(end.ExitCode == 1, end.Error);
        Assert.InRange(killed, 1, Kills);
        foreach (string suffix in new[] { "", ".failures.jsonl" })
            Assert.Equal(Sorted(_job.Folder.File("whole.jsonl") + suffix), Sorted(results + suffix));
        Assert.Equal(Pictures, JobProcesses.Lines(results) + JobProcesses.Lines(results + ".failures.jsonl"));
    }

    private static string[] Sorted(string path) => [.. File.ReadLines(path).Order(StringComparer.Ordinal)];

    private ProgramRun Batch(string list, string results) =>
        _job.Run("batch", list, "--task", "caption", "--out", _job.Folder.File(results), "--window", "40", "--json");

    private void StartWorker()
    {
        Process worker = _job.Start("worker", "--sequences", "2");
        _ = worker.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }
}
