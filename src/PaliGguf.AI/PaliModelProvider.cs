namespace PaliGguf.AI;

/// <summary>
/// A model that is loaded when it is first asked for, and once. A load that failed is tried again by the next one who asks. All methods may be called from any number of
/// threads at once; what is loaded is released on disposal.
/// </summary>
/// <param name="load">Loads the model; its token is cancelled on disposal.</param>
public sealed class PaliModelProvider(Func<CancellationToken, Task<PaliModel>> load) : IAsyncDisposable, IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private Task<PaliModel>? _load;
    private bool _disposed;

    /// <summary>The model, if it is loaded by now; else null.</summary>
    public PaliModel? Loaded => _load is { IsCompletedSuccessfully: true } loaded ? loaded.Result : null;

    /// <summary>The model; starts to load it where nobody has yet.</summary>
    /// <param name="cancellationToken">Ends the waiting. The load itself goes on, for whoever asks next.</param>
    /// <exception cref="ObjectDisposedException">The provider is disposed.</exception>
    /// <exception cref="PaliException">The model does not load;
    /// <see cref="PaliModel.LoadAsync(string, ModelOptions?, IProgress{LoadProgress}?, CancellationToken)"/> tells of what else may be
    /// thrown.</exception>
    public async ValueTask<PaliModel> GetAsync(CancellationToken cancellationToken = default)
    {
        Task<PaliModel> loading = Start();
        return loading.IsCompletedSuccessfully ? await loading.ConfigureAwait(false) : await loading.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends a load that is under way, cancels the model's requests, waits for them and releases it.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<PaliModel>? loading;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            loading = _load;
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        if (loading is not null)
        {
            await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (loading.IsCompletedSuccessfully) await loading.Result.DisposeAsync().ConfigureAwait(false);
        }

        _closing.Dispose();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();

    private Task<PaliModel> Start()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_load is null or { IsFaulted: true } or { IsCanceled: true })
            {
                CancellationToken closing = _closing.Token;
                _load = Task.Run(() => load(closing), CancellationToken.None);
            }

            return _load;
        }
    }
}
