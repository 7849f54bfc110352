using PaliGguf.Batch.Runs;
using PaliGguf.Cli.Models;

namespace PaliGguf.Cli.Batches;

/// <summary>A worker's model. It is loaded for what is usual, and anew where a job wants longer prompts or answers than it has room for.</summary>
internal sealed class WorkerModel(ModelLoader loader) : IAsyncDisposable
{
    private PaliModel? _model;
    private ModelOptions? _loaded;

    /// <summary>Whether it is loaded.</summary>
    public bool IsLoaded => _model is not null;

    /// <summary>What answers as is wanted.</summary>
    public async Task<AnswerEach> AnswererAsync(AnswerOptions options, CancellationToken cancellationToken)
    {
        ModelOptions wanted = BatchModel.Options(loader, options);
        if (_model is null || !HasRoom(wanted)) await LoadAsync(wanted, cancellationToken);
        return new PictureAnswerer(_model!, options).AnswerAsync;
    }

    public async ValueTask DisposeAsync()
    {
        if (_model is { } model) await model.DisposeAsync();
        _model = null;
    }

    private bool HasRoom(ModelOptions wanted) => wanted.TextTokens <= _loaded!.TextTokens && wanted.PromptTokens <= _loaded.PromptTokens
        && wanted.Branches <= _loaded.Branches && wanted.SoftTokenCacheBytes <= _loaded.SoftTokenCacheBytes;

    private async Task LoadAsync(ModelOptions wanted, CancellationToken cancellationToken)
    {
        await DisposeAsync();
        if (_loaded is { } before)
        {
            wanted = wanted with
            {
                TextTokens = Math.Max(wanted.TextTokens, before.TextTokens),
                PromptTokens = Max(wanted.PromptTokens, before.PromptTokens),
                Branches = Max(wanted.Branches, before.Branches),
                SoftTokenCacheBytes = Math.Max(wanted.SoftTokenCacheBytes, before.SoftTokenCacheBytes),
            };
        }

        _model = await loader.LoadAsync(wanted, cancellationToken);
        _loaded = wanted;
    }

    private static int? Max(int? one, int? other) => one is { } first && other is { } second ? Math.Max(first, second) : one ?? other;
}
