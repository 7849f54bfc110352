using System.Diagnostics.Metrics;
using PaliGguf.Batch.Runs;
using PaliGguf.Broker.Connections;
using PaliGguf.Broker.Metrics;
using PaliGguf.Broker.Working;
using PaliGguf.Cli.Evaluations;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Hosting.Pictures;
using PaliGguf.Imaging;
using PaliGguf.Server;

namespace PaliGguf.Cli.Batches;

/// <summary>Answers about the pictures of a job, until it is interrupted.</summary>
internal sealed class WorkerTask(
    Terminal terminal, UserSettings settings, BrokerSettings broker, ModelLoader loader, InterruptGrace grace, IMeterFactory meters)
{
    private const string WayOut = "put the picture there, or start the worker with --allow FOLDER.";

    /// <param name="sequences">How many answers are decoded side by side.</param>
    /// <param name="interrupted">Takes no more pictures; what is begun is finished.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(int sequences, CancellationToken interrupted)
    {
        WorkerOptions options = Options(sequences);
        AllowedFolders? folders = broker.Folders.Count > 0 ? AllowedFolders.Of(broker.Folders, "worker", WayOut) : null;
        using RemotePictures remote = new(broker.Hosts, ImageLimits.Default.MaxBytes);
        JobWorker? working = null;
        string State() => interrupted.IsCancellationRequested ? "stopping"
            : working is null ? "loading" : working.IsConnected ? "ready" : "waiting";
        await using OperationsServer? operations = broker.Health is { } url
            ? await OperationsServer.StartAsync(url, State, [BrokerMetrics.MeterName], interrupted) : null;
        await using WorkerModel model = new(loader);
        await model.AnswererAsync(Usual(sequences), interrupted);
        using BrokerMetrics metrics = new(operations?.Meters ?? meters);
        await using JobWorker worker = working = new(options, new WorkerPictures(folders, remote), metrics);
        grace.Time = Timeout.InfiniteTimeSpan;
        Tell(options, operations?.Address);
        await using (SlowStatus? status = terminal.ErrorIsInteractive ? new SlowStatus(terminal, "waiting for pictures") : null)
        {
            RunProgress? progress = status is null ? null : new RunProgress(status, 0, () => null);
            await worker.RunAsync(model.AnswererAsync, () => progress?.Step(worker.Tally.Failed), interrupted);
        }

        Tell(worker.Tally);
        return ExitCode.Success;
    }

    private WorkerOptions Options(int sequences)
    {
        BrokerAddress address = broker.Broker
            ?? throw new UsageException("the broker is not said; name it with --broker, or set PALIGGUF_BROKER.");
        return new WorkerOptions(address, broker.Job, BatchModel.Facts(settings, loader))
        {
            Sequences = sequences,
            Tries = broker.Tries,
            Tell = ErrorLine.Print,
        };
    }

    private AnswerOptions Usual(int sequences) => new([])
    {
        Request = settings.Request("", []),
        Instances = settings.Instances,
        Sequences = sequences,
    };

    private void Tell(WorkerOptions options, Uri? health)
    {
        WorkerJson json = new(options.Name, options.Job.Name, options.Broker.ToString(), options.Model.Model.Name, health?.ToString());
        if (settings.Json) terminal.WriteJson(json, BatchesJson.Default.WorkerJson);
        else terminal.WriteLine($"Working for the job '{json.Job}' at {json.Broker} with {json.Model}{(health is null ? "" : $"; health at {health}")}");
    }

    private void Tell((long Answered, long Failed) tally)
    {
        if (settings.Json) terminal.WriteJson(new WorkedJson(tally.Answered, tally.Failed), BatchesJson.Default.WorkedJson);
        else terminal.WriteLine($"{tally.Answered} pictures answered{(tally.Failed > 0 ? $", {tally.Failed} failed" : "")}");
    }
}
