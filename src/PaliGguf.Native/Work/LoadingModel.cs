using PaliGguf.Interop;
using PaliGguf.Native.Calls;
using PaliGguf.Native.Layouts;

namespace PaliGguf.Native.Work;

/// <summary>A model that a caller has asked for: on its way, ready, or failed.</summary>
internal sealed class LoadingModel : IHandled, IProgress<LoadProgress>
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<PaliModel> _loading;
    private volatile float _progress;
    private int _requests;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public LoadingModel(string path, ModelOptions options)
    {
        Priority = options.Priority;
        options.Validate();
        _loading = LoadAsync(path, options);
        Ended = _loading.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public Task Ended { get; }

    /// <inheritdoc/>
    public Exception? Failure =>
        !_loading.IsCompleted || _loading.IsCompletedSuccessfully ? null
        : _loading.IsCanceled ? new OperationCanceledException("Loading was cancelled.")
        : _loading.Exception!.InnerException;

    /// <summary>Of the threads that compute.</summary>
    public ComputePriority Priority { get; }

    /// <summary>The model, which has to be ready.</summary>
    /// <exception cref="CallException">It still loads.</exception>
    /// <exception cref="Exception">Loading has failed: what it failed with.</exception>
    public PaliModel Ready
    {
        get
        {
            if (!_loading.IsCompleted) throw new CallException(Status.ErrorNotReady, "The model still loads: poll it until it is ready.");
            return _loading.GetAwaiter().GetResult();
        }
    }

    public ModelState State
    {
        get
        {
            if (!_loading.IsCompleted) return new ModelState { state = ModelStage.Loading, progress = _progress };
            if (Failure is { } failure)
            {
                return new ModelState { state = ModelStage.Failed, status = Failures.StatusOf(failure), progress = _progress };
            }
            PaliModel model = _loading.Result;
            return new ModelState
            {
                state = ModelStage.Ready,
                progress = 1,
                image_size = model.Info.ImageSize,
                image_tokens = model.Info.ImageTokens,
                context_length = model.Info.ContextLength,
                threads = model.Info.Threads,
                has_masks = model.Info.HasMaskDecoder ? 1 : 0,
                requests = Volatile.Read(ref _requests),
                memory = model.Memory.Ram.Bytes,
            };
        }
    }

    void IProgress<LoadProgress>.Report(LoadProgress value) => _progress = value.Fraction;

    /// <summary>Counts a request while it is answered.</summary>
    public void Begin() => Interlocked.Increment(ref _requests);

    public void End() => Interlocked.Decrement(ref _requests);

    private async Task<PaliModel> LoadAsync(string path, ModelOptions options)
    {
        await PriorityThreads.RunLongAsync(options.Priority, LlamaLibraries.Load, _stop.Token).ConfigureAwait(false);
        PaliModel model = await PaliModel.LoadAsync(path, options, this, _stop.Token).ConfigureAwait(false);
        LlamaLibraries.WatchEnd();
        return model;
    }

    /// <inheritdoc/>
    public void Cancel() => _stop.Cancel();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
        if (_loading.IsCompletedSuccessfully) await _loading.Result.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }
}
