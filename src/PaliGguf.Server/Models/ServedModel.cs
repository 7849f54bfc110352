using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Models;

/// <summary>The one model of a server: loaded while the server listens already, released when it has stopped.</summary>
internal sealed partial class ServedModel(
    ServerOptions options, AdmissionQueue queue, Drain drain, IHostApplicationLifetime application, ILoggerFactory loggers, ILogger<ServedModel> logger)
    : IServedModels, IHostedService, IProgress<LoadProgress>, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task<PaliModel>? _loading;
    private LoadProgress _progress = new("starting", 0);
    private DateTimeOffset _loaded;
    private int _disposed;

    public Exception? Failure { get; private set; }

    public int Running => queue.Running;

    public int Waiting => queue.Waiting;

    public Readiness Readiness
    {
        get
        {
            if (drain.Stopping.IsCancellationRequested) return new Readiness("stopping");
            if (_loading is { IsCompletedSuccessfully: true } loaded) return new Readiness(loaded.Result.IsUnchanged ? "ready" : "changed");
            return new Readiness("loading", Progress);
        }
    }

    private LoadProgress Progress
    {
        get
        {
            lock (_gate) return _progress;
        }
    }

    public void RequireOpen()
    {
        Require();
        queue.RequireRoom();
    }

    public void RequireKnown(string? name)
    {
        string known = Require().Info.Name;
        if (name is not null && !ModelName.Means(name, known)) throw ModelName.Unknown(name, [known]);
    }

    public Task<ModelUse> UseAsync(string? name, TimeSpan? stay, CancellationToken cancellationToken)
    {
        RequireKnown(name);
        PaliModel model = Require();
        if (stay == TimeSpan.Zero)
            throw Rejection.Unsupported("keep_alive", "This server runs one model and keeps it loaded: leave 'keep_alive' out.");
        return Task.FromResult(new ModelUse(model.Info.Name, model, queue));
    }

    public IReadOnlyList<ServedState> List()
    {
        PaliModel model = Require();
        ModelFiles files = new(model.Info.TextPath, model.Info.VisionPath);
        return [new ServedState(model.Info.Name, files, "loaded", queue.Running + queue.Waiting, model, _loaded)];
    }

    public void Report(LoadProgress value)
    {
        string before;
        lock (_gate) (before, _progress) = (_progress.Stage, value);
        if (value.Stage != before) LogLoading(value.Stage, (int)(value.Fraction * 100));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loading = LoadAsync();
        _ = _loading.ContinueWith(
            failed =>
            {
                if (!_stop.IsCancellationRequested) Failure = failed.Exception!.InnerException;
                // A server that is about to listen does so first: its start is not what failed.
                application.ApplicationStarted.Register(application.StopApplication);
            },
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        // The container knows it under two names, and disposes both.
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stop.CancelAsync();
        if (_loading is not null)
        {
            await ((Task)_loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_loading.IsCompletedSuccessfully) await (await _loading).DisposeAsync();
        }

        _stop.Dispose();
    }

    private PaliModel Require()
    {
        if (drain.Stopping.IsCancellationRequested) throw Rejection.Stopping();
        if (_loading is { IsCompletedSuccessfully: true } loaded) return loaded.Result;
        LoadProgress progress = Progress;
        throw Rejection.Unavailable("model_loading", $"The model is being loaded ({progress.Stage}, {progress.Fraction * 100:0} %).", TimeSpan.FromSeconds(2));
    }

    private async Task<PaliModel> LoadAsync()
    {
        PaliModel model = await PaliModel.LoadAsync(options.Model, options.ModelOptions with { LoggerFactory = loggers }, this, _stop.Token);
        queue.Open(model.Memory.Sequences);
        _loaded = options.Time.GetUtcNow();
        LogLoaded(model.Info.Name, model.Memory.Sequences, model.Info.ContextLength);
        return model;
    }

    [LoggerMessage(5, LogLevel.Information, "Model: {Stage} ({Percent} %)")]
    private partial void LogLoading(string stage, int percent);

    [LoggerMessage(4, LogLevel.Information, "Loaded {Model}: {Sequences} requests at once, {Context} tokens each")]
    private partial void LogLoaded(string model, int sequences, int context);
}
