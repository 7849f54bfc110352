using PaliGguf.Tests;

namespace PaliGguf.AI.Tests;

public sealed class PaliModelProviderTests
{
    [Fact]
    public async Task All_who_ask_share_one_load()
    {
        int loads = 0;
        await using PaliModelProvider provider = new(cancellationToken =>
        {
            Interlocked.Increment(ref loads);
            return NanoModel.LoadAsync(cancellationToken: cancellationToken);
        });
        Assert.Null(provider.Loaded);
        PaliModel[] models = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await provider.GetAsync())));
        Assert.Single(models.Distinct());
        Assert.Same(models[0], provider.Loaded);
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task A_load_that_failed_is_tried_again_by_the_next_one()
    {
        using TemporaryFolder folder = new();
        await using PaliModelProvider provider = new(cancellationToken => PaliModel.LoadAsync(folder.Path, new ModelOptions { Threads = 1 }, cancellationToken: cancellationToken));
        await Assert.ThrowsAnyAsync<Exception>(async () => await provider.GetAsync());
        Assert.Null(provider.Loaded);
        foreach (string file in Directory.GetFiles(Repository.PaliNano, "*.gguf")) File.Copy(file, folder.File(Path.GetFileName(file)));
        Assert.Equal(folder.Path, Path.GetDirectoryName((await provider.GetAsync()).Info.TextPath));
    }

    [Fact]
    public async Task Who_gives_up_waiting_ends_no_load()
    {
        TaskCompletionSource open = new();
        await using PaliModelProvider provider = new(async cancellationToken =>
        {
            await open.Task.WaitAsync(cancellationToken);
            return await NanoModel.LoadAsync(cancellationToken: cancellationToken);
        });
        using CancellationTokenSource cancellation = new();
        ValueTask<PaliModel> first = provider.GetAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await first);
        ValueTask<PaliModel> second = provider.GetAsync();
        open.SetResult();
        Assert.Same(await second, provider.Loaded);
    }

    [Fact]
    public async Task Disposal_ends_a_load_that_is_under_way()
    {
        PaliModelProvider provider = new(async cancellationToken =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return null!;
        });
        ValueTask<PaliModel> waiting = provider.GetAsync();
        await provider.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await provider.GetAsync());
    }

    [Fact]
    public async Task Disposal_releases_the_model_once()
    {
        PaliModelProvider provider = new(cancellationToken => NanoModel.LoadAsync(cancellationToken: cancellationToken));
        PaliModel model = await provider.GetAsync();
        provider.Dispose();
        await provider.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => model.GenerateAsync(new Language.GenerationRequest { Prompt = "caption en" }));
    }
}
