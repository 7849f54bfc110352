using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Work;

/// <summary>The one model of a server: loaded while the server listens already, released when it has stopped.</summary>
internal sealed partial class ServedModel(
    ServerOptions options, AdmissionQueue queue, Drain drain, IHostApplicationLifetime application, ILoggerFactory loggers, ILogger<ServedModel> logger)
    : IHostedService, IProgress<LoadProgress>, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task<PaliModel>? _loading;
    private LoadProgress _progress = new("starting", 0);
    private int _disposed;

    /// <summary>Whether requests are answered.</summary>
    public bool IsReady => _loading is { IsCompletedSuccessfully: true } && !drain.Stopping.IsCancellationRequested;

    /// <summary>Why the model did not load; null if it has, or may still.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>How far loading has come.</summary>
    public LoadProgress Progress
    {
        get
        {
            lock (_gate) return _progress;
        }
    }

    /// <summary>When the model was loaded.</summary>
    public DateTimeOffset Loaded { get; private set; }

    /// <summary>The model.</summary>
    /// <exception cref="RejectionException">It is not there yet, or no more.</exception>
    public PaliModel Require()
    {
        if (drain.Stopping.IsCancellationRequested) throw Rejection.Unavailable("server_stopping", "The server is being stopped.", TimeSpan.FromSeconds(5));
        if (_loading is { IsCompletedSuccessfully: true } loaded) return loaded.Result;
        LoadProgress progress = Progress;
        throw Rejection.Unavailable("model_loading", $"The model is being loaded ({progress.Stage}, {progress.Fraction * 100:0} %).", TimeSpan.FromSeconds(2));
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

    private async Task<PaliModel> LoadAsync()
    {
        PaliModel model = await PaliModel.LoadAsync(options.Model, options.ModelOptions with { LoggerFactory = loggers }, this, _stop.Token);
        queue.Open(model.Memory.Sequences);
        Loaded = options.Time.GetUtcNow();
        LogLoaded(model.Info.Name, model.Memory.Sequences, model.Info.ContextLength);
        return model;
    }

    [LoggerMessage(5, LogLevel.Information, "Model: {Stage} ({Percent} %)")]
    private partial void LogLoading(string stage, int percent);

    [LoggerMessage(4, LogLevel.Information, "Loaded {Model}: {Sequences} requests at once, {Context} tokens each")]
    private partial void LogLoaded(string model, int sequences, int context);
}
