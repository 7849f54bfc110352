using PaliGguf.Vision;

namespace PaliGguf.Tests.Vision;

public sealed class SoftTokenCacheTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_picture_is_computed_once_and_then_known()
    {
        SoftTokenCache cache = new(1000);
        int computed = 0;
        (float[] first, bool firstKnown) = await cache.GetAsync(1, Compute, CancellationToken.None);
        (float[] second, bool secondKnown) = await cache.GetAsync(1, Compute, CancellationToken.None);
        Assert.Same(first, second);
        Assert.Equal((false, true, 1), (firstKnown, secondKnown, computed));

        Task<float[]> Compute(CancellationToken stop)
        {
            computed++;
            return Task.FromResult(new float[] { 1 });
        }
    }

    [Fact]
    public async Task Requests_at_once_for_a_new_picture_have_it_computed_once()
    {
        SoftTokenCache cache = new(1000);
        TaskCompletionSource<float[]> tower = new();
        int computed = 0;
        Task<(float[] SoftTokens, bool Known)>[] requests = [.. Enumerable.Range(0, 8).Select(_ => cache.GetAsync(1, Compute, CancellationToken.None))];
        tower.SetResult([1]);
        (float[] SoftTokens, bool Known)[] answers = await Task.WhenAll(requests).WaitAsync(Patience);
        Assert.Equal(1, computed);
        Assert.Single(answers, answer => !answer.Known);
        Assert.All(answers, answer => Assert.Same(answers[0].SoftTokens, answer.SoftTokens));

        Task<float[]> Compute(CancellationToken stop)
        {
            Interlocked.Increment(ref computed);
            return tower.Task;
        }
    }

    [Fact]
    public async Task One_that_is_cancelled_does_not_cancel_the_other()
    {
        SoftTokenCache cache = new(1000);
        TaskCompletionSource<float[]> tower = new();
        using CancellationTokenSource cancellation = new();
        Task<(float[] SoftTokens, bool Known)> first = cache.GetAsync(1, stop => tower.Task.WaitAsync(stop), cancellation.Token);
        Task<(float[] SoftTokens, bool Known)> second = cache.GetAsync(1, _ => throw new InvalidOperationException("It is being computed."), CancellationToken.None);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Patience));
        tower.SetResult([7]);
        Assert.Equal(new float[] { 7 }, (await second.WaitAsync(Patience)).SoftTokens);
    }

    [Fact]
    public async Task A_picture_that_nobody_waits_for_is_given_up_and_can_be_asked_for_again()
    {
        SoftTokenCache cache = new(1000);
        TaskCompletionSource given = new();
        using CancellationTokenSource cancellation = new();
        Task<(float[] SoftTokens, bool Known)>[] requests = [.. Enumerable.Range(0, 2).Select(_ => cache.GetAsync(1, WaitForEverAsync, cancellation.Token))];
        await cancellation.CancelAsync();
        foreach (Task request in requests) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request.WaitAsync(Patience));
        await given.Task.WaitAsync(Patience);
        Assert.Equal(new float[] { 3 }, (await cache.GetAsync(1, _ => Task.FromResult(new float[] { 3 }), CancellationToken.None)).SoftTokens);

        async Task<float[]> WaitForEverAsync(CancellationToken stop)
        {
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            given.SetResult();
            throw new OperationCanceledException(stop);
        }
    }

    [Fact]
    public async Task A_failure_reaches_all_who_wait_and_is_not_kept()
    {
        SoftTokenCache cache = new(1000);
        TaskCompletionSource<float[]> tower = new();
        Task<(float[] SoftTokens, bool Known)>[] requests = [.. Enumerable.Range(0, 2).Select(_ => cache.GetAsync(1, _ => tower.Task, CancellationToken.None))];
        tower.SetException(new InferenceException("The tower fell."));
        foreach (Task request in requests) Assert.Equal("The tower fell.", (await Assert.ThrowsAsync<InferenceException>(() => request.WaitAsync(Patience))).Message);
        Assert.False((await cache.GetAsync(1, _ => Task.FromResult(new float[] { 1 }), CancellationToken.None)).Known);
    }

    [Fact]
    public void The_key_is_the_content()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6];
        Int128 key = SoftTokenCache.Key(RgbImage.FromRgb(pixels, 2, 1));
        Assert.Equal(key, SoftTokenCache.Key(RgbImage.FromRgb(pixels, 2, 1)));
        pixels[5]++;
        Assert.NotEqual(key, SoftTokenCache.Key(RgbImage.FromRgb(pixels, 2, 1)));
    }

    [Fact]
    public async Task Requests_cancelled_at_random_leave_right_answers()
    {
        SoftTokenCache cache = new(3 * sizeof(float));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            Random random = new(worker);
            for (int round = 0; round < 150; round++)
            {
                int key = random.Next(6);
                using CancellationTokenSource cancellation = new();
                if (random.Next(2) == 0) cancellation.CancelAfter(TimeSpan.FromMicroseconds(random.Next(2000)));
                try
                {
                    Assert.Equal(new float[] { key }, (await cache.GetAsync(key, stop => ComputeAsync(key, stop), cancellation.Token)).SoftTokens);
                }
                catch (OperationCanceledException)
                {
                    Assert.True(cancellation.IsCancellationRequested);
                }
            }
        }))).WaitAsync(Patience);

        static async Task<float[]> ComputeAsync(int key, CancellationToken stop)
        {
            await Task.Delay(1, stop);
            return [key];
        }
    }
}
