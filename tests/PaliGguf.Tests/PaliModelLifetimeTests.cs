using PaliGguf.Imaging;
using PaliGguf.Language;

namespace PaliGguf.Tests;

/// <summary>Submitting, cancelling and disposing in every order: no hang, no crash, and right answers for whoever was not cancelled.</summary>
public sealed class PaliModelLifetimeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly NanoAnswer[] Questions = PaliNanoGoldens.Load().Where(golden => !golden.HasBoxes).Take(12).ToArray();

    [Fact]
    public async Task Requests_cancelled_at_random_disturb_no_other()
    {
        await using PaliModel model = await LoadAsync(3);
        string[] alone = await AloneAsync(model);
        int completed = 0, cancelled = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            Random random = new(worker);
            for (int round = 0; round < 12; round++)
            {
                int index = random.Next(Questions.Length);
                using CancellationTokenSource cancellation = new();
                bool cancel = random.Next(2) == 0;
                if (cancel) cancellation.CancelAfter(random.Next(12));
                GenerationResult result = await model.GenerateAsync(Request(Questions[index]), cancellation.Token).Result;
                if (result.FinishReason == FinishReason.Cancelled)
                {
                    Assert.True(cancel);
                    Assert.StartsWith(result.Text, alone[index], StringComparison.Ordinal);
                    Interlocked.Increment(ref cancelled);
                }
                else
                {
                    Assert.Equal(alone[index], result.Text);
                    Interlocked.Increment(ref completed);
                }
            }
        }))).WaitAsync(Patience);
        Assert.InRange(completed, 20, 96);
        Assert.InRange(cancelled, 1, 76);
        Assert.Equal(alone[0], (await model.GenerateAsync(Request(Questions[0])).Result.WaitAsync(Patience)).Text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(60)]
    public async Task A_model_disposed_at_any_moment_ends_all_requests(int delay)
    {
        PaliModel model = await LoadAsync(2);
        // Each a new picture, so that some are in the tower, some in the decoder and some on their way.
        Task<GenerationResult>[] requests = Enumerable.Range(0, 24).Select(index => model.GenerateAsync(new GenerationRequest
        {
            Images = [RgbImage.FromRgb([(byte)index, 0, 0], 1, 1)],
            Prompt = "caption en",
            IgnoreEos = true,
            MaxTokens = 100,
        }).Result).ToArray();
        await Task.Delay(delay);
        await model.DisposeAsync().AsTask().WaitAsync(Patience);
        GenerationResult[] results = await Task.WhenAll(requests).WaitAsync(Patience);
        Assert.All(results, result => Assert.True(result.FinishReason is FinishReason.Cancelled or FinishReason.Length));
        Assert.Throws<ObjectDisposedException>(() => model.GenerateAsync(Request(Questions[0])));
    }

    [Fact]
    public async Task Submitting_while_the_model_is_disposed_ends_cancelled_or_is_refused()
    {
        for (int round = 0; round < 4; round++)
        {
            PaliModel model = await LoadAsync(2);
            using Barrier start = new(5);
            Task[] callers = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    try
                    {
                        while (true) model.GenerateAsync(new GenerationRequest { Prompt = "caption en", MaxTokens = 2, IgnoreEos = true }).Result.Wait();
                    }
                    catch (ObjectDisposedException)
                    {
                        // Refused, not failed: thrown by the call itself.
                    }
                },
                TaskCreationOptions.LongRunning)).ToArray();
            start.SignalAndWait();
            await Task.Delay(20);
            await model.DisposeAsync().AsTask().WaitAsync(Patience);
            await Task.WhenAll(callers).WaitAsync(Patience);
        }
    }

    [Fact]
    public async Task A_waiting_request_that_is_cancelled_ends_at_once()
    {
        await using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread with { ContextLength = 4096 });
        Generation running = model.GenerateAsync(Request(Questions[0]) with { MaxTokens = 3900, IgnoreEos = true });
        IAsyncEnumerator<GeneratedToken> tokens = running.GetAsyncEnumerator();
        Assert.True(await tokens.MoveNextAsync());
        using CancellationTokenSource cancellation = new();
        Task<GenerationResult> waiting = model.GenerateAsync(Request(Questions[1]), cancellation.Token).Result;
        await Task.Delay(100);
        await cancellation.CancelAsync();
        Assert.Equal(FinishReason.Cancelled, (await waiting.WaitAsync(Patience)).FinishReason);
        Assert.False(running.Result.IsCompleted);
        await tokens.DisposeAsync();
        Assert.Equal(FinishReason.Cancelled, (await running.Result.WaitAsync(Patience)).FinishReason);
    }

    [Fact]
    public async Task The_callers_thread_is_left_alone_and_may_dispose()
    {
        // Like a user interface: what is posted here runs only when this thread asks for it, which it does not.
        PaliModel model = await LoadAsync(1);
        Posts posts = new();
        await Task.Factory.StartNew(
            () =>
            {
                SynchronizationContext.SetSynchronizationContext(posts);
                Assert.True(model.GenerateAsync(Request(Questions[0])).Result.Wait(Patience));
                _ = model.GenerateAsync(Request(Questions[1]) with { IgnoreEos = true });
                model.Dispose();
            },
            TaskCreationOptions.LongRunning).WaitAsync(Patience);
        Assert.Equal(0, posts.Count);
    }

    [Fact]
    public async Task The_callers_lists_may_change_after_the_call()
    {
        await using PaliModel model = await LoadAsync(1);
        List<RgbImage> images = [ImageFile.Load(Questions[0].Image)];
        List<string> stop = ["zebra"];
        Task<GenerationResult> result = model.GenerateAsync(Request(Questions[0]) with { Images = images, Stop = stop }).Result;
        images.Clear();
        stop[0] = "a";
        Assert.Equal((await model.GenerateAsync(Request(Questions[0])).Result).Text, (await result).Text);
    }

    [Fact]
    public async Task Requests_that_make_no_sense_are_refused_at_the_call()
    {
        await using PaliModel model = await LoadAsync(1);
        GenerationRequest request = Request(Questions[0]);
        Assert.Throws<ArgumentNullException>(() => model.GenerateAsync(null!));
        Assert.Throws<ArgumentException>(() => model.GenerateAsync(request with { MaxTokens = 0 }));
        Assert.Throws<ArgumentException>(() => model.GenerateAsync(request with { Stop = [""] }));
        Assert.Throws<ArgumentException>(() => model.GenerateAsync(request with { Images = [null!] }));
        Assert.Throws<ArgumentException>(() => model.GenerateAsync(request with { Sampling = new SamplingOptions { TopP = 0 } }));
    }

    [Fact]
    public async Task Progress_that_throws_fails_the_load_and_nothing_else()
    {
        foreach (float after in new[] { -1f, 0.06f, 0.5f, 0.76f, 0.95f })
        {
            InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread, new Thrower(after)));
            Assert.Equal("The window was closed.", failure.Message);
        }
    }

    [Fact]
    public async Task Loading_is_cancelled_at_every_stage()
    {
        foreach (float after in new[] { 0f, 0.06f, 0.5f, 0.74f })
        {
            using CancellationTokenSource cancellation = new();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread, new Canceller(after, cancellation), cancellation.Token));
        }
    }

    private static Task<PaliModel> LoadAsync(int sequences) => PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread with { Sequences = sequences, SoftTokenCacheBytes = 100_000 });

    private static GenerationRequest Request(NanoAnswer golden) => new() { Images = [ImageFile.Load(golden.Image)], Prompt = golden.Prompt };

    private static async Task<string[]> AloneAsync(PaliModel model)
    {
        List<string> texts = [];
        foreach (NanoAnswer question in Questions) texts.Add((await model.GenerateAsync(Request(question)).Result).Text);
        return [.. texts];
    }

    private sealed class Posts : SynchronizationContext
    {
        public int Count { get; private set; }

        public override void Post(SendOrPostCallback d, object? state) => Count++;
    }

    private sealed class Thrower(float after) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value)
        {
            if (value.Fraction > after) throw new InvalidOperationException("The window was closed.");
        }
    }

    private sealed class Canceller(float after, CancellationTokenSource cancellation) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value)
        {
            if (value.Fraction >= after) cancellation.Cancel();
        }
    }
}
