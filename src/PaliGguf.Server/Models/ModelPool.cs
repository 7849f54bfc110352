using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Models;

/// <summary>
/// Several models, each loaded when it is asked for, and unloaded when nobody has asked for a while or another needs its room. Requests that
/// use a model end before it goes.
/// </summary>
internal sealed partial class ModelPool(
    ModelCatalogue catalogue, MemoryBudget budget, ServerOptions options, Drain drain, ILoggerFactory loggers, ILogger<ModelPool> logger)
    : IServedModels, IHostedService, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();

    // One is loaded at a time, in the order in which they were asked for.
    private readonly SemaphoreSlim _turn = new(1);

    // What requests get, and what takes up memory: a model that goes is only in the second.
    private readonly Dictionary<string, PooledModel> _offered = new(StringComparer.Ordinal);
    private readonly List<PooledModel> _resident = [];
    private int _disposed;

    public Exception? Failure => null;

    public Readiness Readiness => new(drain.Stopping.IsCancellationRequested ? "stopping" : "ready");

    public int Running => Sum(model => model.Queue.Running);

    public int Waiting => Sum(model => model.Queue.Waiting);

    public void RequireOpen()
    {
        if (drain.Stopping.IsCancellationRequested) throw Rejection.Stopping();
    }

    public void RequireKnown(string? name) => catalogue.Find(name);

    public async Task<ModelUse> UseAsync(string? name, TimeSpan? stay, CancellationToken cancellationToken)
    {
        RequireOpen();
        ListedModel listed = catalogue.Find(name);
        PooledModel pooled = Enter(listed, stay);
        try
        {
            return new ModelUse(listed.Name, await pooled.Load!.WaitAsync(cancellationToken), pooled.Queue, () => Leave(pooled));
        }
        catch (Exception failure)
        {
            Leave(pooled);
            if (failure is RejectionException || cancellationToken.IsCancellationRequested) throw;
            throw failure is OperationCanceledException ? Rejection.Stopping() : new RejectionException(
                StatusCodes.Status503ServiceUnavailable, "model_not_loaded",
                $"The model '{listed.Name}' could not be loaded: the server's log tells why.") { Parameter = "model" };
        }
    }

    public IReadOnlyList<ServedState> List()
    {
        IReadOnlyList<ListedModel> all = catalogue.List();
        lock (_gate) return [.. all.Select(StateOf)];
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => _stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stop.CancelAsync();
        // Whoever loads has the turn.
        await _turn.WaitAsync();
        Task[] closing;
        lock (_gate)
        {
            foreach (PooledModel model in _resident)
            {
                Close(model);
                model.Release();
            }

            closing = [.. _resident.Select(model => model.Closing!)];
        }

        await Task.WhenAll(closing);
        _turn.Dispose();
        _stop.Dispose();
    }

    private PooledModel Enter(ListedModel listed, TimeSpan? stay)
    {
        lock (_gate)
        {
            // Another file has its place: it is loaded anew.
            if (_offered.TryGetValue(listed.Name, out PooledModel? pooled) && pooled.Model is { IsUnchanged: false }) Close(pooled);
            if (!_offered.TryGetValue(listed.Name, out pooled))
                _offered.Add(listed.Name, pooled = new PooledModel(listed, new AdmissionQueue(options.Queue)) { Stay = options.KeepAlive });
            if (pooled.Model is null && pooled.Users > options.Queue)
                throw Rejection.TooMany("queue_full", $"{pooled.Users} requests wait for the model, and no more may.", TimeSpan.FromSeconds(2));
            pooled.Users++;
            pooled.StopIdle();
            pooled.Stay = stay ?? pooled.Stay;
            pooled.Load ??= Task.Run(() => LoadAsync(pooled), CancellationToken.None);
            return pooled;
        }
    }

    private void Leave(PooledModel pooled)
    {
        lock (_gate)
        {
            if (--pooled.Users > 0) return;
            pooled.LastUse = options.Time.GetTimestamp();
            if (pooled.Closing is not null) pooled.Release();
            else if (pooled.Model is null) Abandon(pooled);
            else if (pooled.Stay == TimeSpan.Zero) Close(pooled);
            else if (pooled.Stay != Timeout.InfiniteTimeSpan) StartIdle(pooled);
        }
    }

    private void StartIdle(PooledModel pooled)
    {
        pooled.Until = options.Time.GetUtcNow() + pooled.Stay;
        pooled.Idle = options.Time.CreateTimer(_ => CloseIdle(pooled), null, pooled.Stay, Timeout.InfiniteTimeSpan);
    }

    private void CloseIdle(PooledModel pooled)
    {
        lock (_gate)
        {
            if (pooled is { Users: 0, Closing: null }) Close(pooled);
        }
    }

    // Nobody waits for it any more, or it did not load.
    private void Abandon(PooledModel pooled)
    {
        if (_offered.GetValueOrDefault(pooled.Listed.Name) == pooled) _offered.Remove(pooled.Listed.Name);
        // Not here, where the lock is held.
        _ = pooled.Stop.CancelAsync();
    }

    private void Close(PooledModel pooled)
    {
        pooled.StopIdle();
        if (_offered.GetValueOrDefault(pooled.Listed.Name) == pooled) _offered.Remove(pooled.Listed.Name);
        pooled.Closing ??= Task.Run(() => UnloadAsync(pooled), CancellationToken.None);
        if (pooled.Users == 0) pooled.Release();
    }

    private async Task UnloadAsync(PooledModel pooled)
    {
        await pooled.Unused;
        await pooled.Model!.DisposeAsync();
        pooled.Queue.Dispose();
        lock (_gate) _resident.Remove(pooled);
        LogUnloaded(pooled.Listed.Name);
    }

    private async Task<PaliModel> LoadAsync(PooledModel pooled)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(pooled.Stop.Token, _stop.Token);
        try
        {
            await _turn.WaitAsync(stop.Token);
            try
            {
                return await LoadInTurnAsync(pooled, stop.Token);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception failure)
        {
            if (failure is not OperationCanceledException) LogFailed(pooled.Listed.Name, failure.Message);
            lock (_gate) Abandon(pooled);
            throw;
        }
    }

    private async Task<PaliModel> LoadInTurnAsync(PooledModel pooled, CancellationToken cancellationToken)
    {
        pooled.Needs = budget.NeedsOf(pooled.Listed);
        while (!HasRoom(pooled, out Task closing)) await closing.WaitAsync(cancellationToken);
        ModelFiles files = pooled.Listed.Files;
        ModelOptions how = options.ModelOptions with { VisionPath = files.Vision, LoggerFactory = loggers };
        PaliModel model = await PaliModel.LoadAsync(files.Text, how, progress: null, cancellationToken);
        lock (_gate)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                (pooled.Model, pooled.Since) = (model, options.Time.GetUtcNow());
                pooled.Queue.Open(model.Memory.Sequences);
                _resident.Add(pooled);
                LogLoaded(pooled.Listed.Name, model.Memory.Sequences, model.Info.ContextLength);
                return model;
            }
        }

        await model.DisposeAsync();
        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Whether there is room for a model; else it is made.</summary>
    /// <param name="pooled">The model.</param>
    /// <param name="closing">What to wait for.</param>
    private bool HasRoom(PooledModel pooled, out Task closing)
    {
        closing = Task.CompletedTask;
        lock (_gate)
        {
            if (_resident.Count == 0 || budget.HasRoom(pooled.Needs, _resident.Select(other => other.Needs))) return true;
            PooledModel? going = _resident.Find(other => other.Closing is not null);
            if (going is null)
            {
                // One that nobody uses, of those the one whose last use is longest ago; else one whose requests end first, who knows.
                going = _resident.OrderBy(other => other.Users > 0).ThenBy(other => other.LastUse).First();
                Close(going);
            }

            closing = going.Closing!;
            return false;
        }
    }

    private ServedState StateOf(ListedModel listed) => _offered.GetValueOrDefault(listed.Name) switch
    {
        null => new ServedState(listed.Name, listed.Files, "unloaded"),
        { Model: null } loading => new ServedState(listed.Name, listed.Files, "loading", loading.Users),
        var loaded => new ServedState(listed.Name, listed.Files, "loaded", loaded.Users, loaded.Model, loaded.Since, loaded.Until),
    };

    private int Sum(Func<PooledModel, int> count)
    {
        lock (_gate) return _resident.Sum(count);
    }

    [LoggerMessage(7, LogLevel.Information, "Loaded {Model}: {Sequences} requests at once, {Context} tokens each")]
    private partial void LogLoaded(string model, int sequences, int context);

    [LoggerMessage(8, LogLevel.Information, "Unloaded {Model}")]
    private partial void LogUnloaded(string model);

    [LoggerMessage(9, LogLevel.Error, "The model {Model} could not be loaded: {Problem}")]
    private partial void LogFailed(string model, string problem);
}
