using PaliGguf.Imaging;

namespace PaliGguf.Cli.Models;

/// <summary>
/// A model and pictures that are loaded side by side. Whoever waits for them is free at once when the user interrupts or one of the two
/// fails; what still runs then is cleared up on disposal.
/// </summary>
internal sealed class ModelSession : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Task<PaliModel> _model;
    private readonly Task<RgbImage[]> _pictures;

    private ModelSession(CancellationTokenSource stop, Task<PaliModel> model, Task<RgbImage[]> pictures) => (_stop, _model, _pictures) = (stop, model, pictures);

    /// <summary>Starts to load.</summary>
    public static ModelSession Start(ModelLoader loader, ModelOptions options, PictureSource pictures, CancellationToken cancellationToken)
    {
        ImageLimits limits = loader.PictureLimits;
        CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<RgbImage[]> read = Task.Run(() => pictures.ReadAsync(limits, stop.Token), CancellationToken.None);
        return new ModelSession(stop, Task.Run(() => LoadAsync(loader, options, read, stop.Token), CancellationToken.None), read);
    }

    /// <summary>Waits until both are there.</summary>
    public async Task<(PaliModel Model, RgbImage[] Pictures)> ReadyAsync(CancellationToken cancellationToken)
    {
        Task first = await Task.WhenAny(_model, _pictures).WaitAsync(cancellationToken);
        await first;
        return (await _model.WaitAsync(cancellationToken), await _pictures.WaitAsync(cancellationToken));
    }

    private static async Task<PaliModel> LoadAsync(ModelLoader loader, ModelOptions options, Task<RgbImage[]> pictures, CancellationToken cancellationToken)
    {
        // A tower that may have to go before the decoder comes must see the pictures first.
        bool picturesFirst = options.Memory is not null || options.Vision == VisionPlacement.Staged;
        if (picturesFirst) options = options with { Pictures = await pictures.WaitAsync(cancellationToken) };
        return await loader.LoadAsync(options, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // Pictures from standard input may never come, so only the model is waited for.
        await ((Task)_model).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_model.IsCompletedSuccessfully) await (await _model).DisposeAsync();
        _ = _pictures.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _stop.Dispose();
    }
}
