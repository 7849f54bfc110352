using System.Threading.RateLimiting;
using Captions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using PaliGguf.Tests;
using Polly;
using Polly.Retry;

namespace PaliGguf.AI.Tests.Middleware;

/// <summary>The pipeline that the documentation shows, around a model that loads and answers.</summary>
public sealed class CaptionPipelineTests
{
    private const string Caption = "a turtle on an orange background";

    [Fact]
    public async Task It_is_the_one_of_the_documentation()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "chat-client.md"));
        string code =
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "PaliGguf.AI.Tests", "Middleware", "CaptionPipeline.cs"));
        Assert.Contains($"```csharp\n{code.ReplaceLineEndings("\n")}```\n", page.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task It_answers_whole_and_streamed_and_the_second_time_from_the_cache()
    {
        await using ServiceProvider services = Services(Repository.PaliNano, ResiliencePipeline.Empty);
        IChatClient client = services.GetRequiredService<IChatClient>();
        ChatMessage message = NanoModel.Ask("caption en", NanoModel.Turtle);
        ChatResponse first = await client.GetResponseAsync(message);
        ChatResponse second = await client.GetResponseAsync(message);
        Assert.Equal((Caption, Caption), (first.Text, second.Text));
        Assert.Equal(first.ResponseId, second.ResponseId);

        ChatResponse streamed = await client.GetStreamingResponseAsync(message).ToChatResponseAsync();
        ChatResponse again = await client.GetStreamingResponseAsync(message).ToChatResponseAsync();
        Assert.Equal((Caption, Caption), (streamed.Text, again.Text));
        Assert.Equal(streamed.ResponseId, again.ResponseId);
        Assert.Equal((streamed.FinishReason, streamed.Usage!.TotalTokenCount), (again.FinishReason, again.Usage!.TotalTokenCount));
        Assert.NotNull(client.GetService<PaliModel>());
    }

    [Fact]
    public async Task A_model_that_is_not_there_yet_is_tried_again()
    {
        using TemporaryFolder folder = new();
        int attempts = 0;
        ResiliencePipeline retry = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<IOException>().Handle<PaliException>(),
                MaxRetryAttempts = 3,
                Delay = TimeSpan.Zero,
                OnRetry = _ =>
                {
                    if (++attempts < 2) return default;
                    foreach (string file in Directory.EnumerateFiles(Repository.PaliNano, "*.gguf"))
                        File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
                    return default;
                },
            })
            .Build();
        await using ServiceProvider services = Services(folder.Path, retry);
        IChatClient client = services.GetRequiredService<IChatClient>();
        ChatResponse response = await client.GetStreamingResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle)).ToChatResponseAsync();
        Assert.Equal((Caption, 2), (response.Text, attempts));
    }

    [Fact]
    public async Task What_the_model_refuses_comes_out_as_it_is()
    {
        await using ServiceProvider services = Services(Repository.PaliNano, ResiliencePipeline.Empty);
        IChatClient client = services.GetRequiredService<IChatClient>();
        ChatOptions tools = new() { Tools = [AIFunctionFactory.Create(() => 1, "one")] };
        ChatMessage message = NanoModel.Ask("caption en", NanoModel.Turtle);
        Assert.Contains("calls no tools",
            (await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync(message, tools))).Message);
        await Assert.ThrowsAsync<NotSupportedException>(
            async () => await client.GetStreamingResponseAsync(message, tools).ToChatResponseAsync());
        Assert.Equal(Caption, (await client.GetResponseAsync(message)).Text);
    }

    [Fact]
    public async Task A_request_beyond_the_limit_is_refused_while_another_is_being_answered()
    {
        using ConcurrencyLimiter one = new(new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = 0 });
        await using ServiceProvider services = Services(Repository.PaliNano, ResiliencePipeline.Empty, one);
        IChatClient client = services.GetRequiredService<IChatClient>();
        ChatMessage message = NanoModel.Ask("caption en", NanoModel.Turtle), other = NanoModel.Ask("describe en", NanoModel.Turtle);
        await using (IAsyncEnumerator<ChatResponseUpdate> running = client.GetStreamingResponseAsync(message).GetAsyncEnumerator())
        {
            Assert.True(await running.MoveNextAsync());
            await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetResponseAsync(other));
        }

        Assert.Equal("an orange background with a turtle at the top", (await client.GetResponseAsync(other)).Text);
    }

    private static ServiceProvider Services(string model, ResiliencePipeline attempts, RateLimiter? limiter = null)
    {
        ServiceCollection services = new();
        services.AddLogging().AddDistributedMemoryCache();
        services.AddCaptions(model,
            limiter ?? new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = 2, QueueLimit = 8 }), attempts);
        services.Configure<PaliGgufOptions>("captions", options => options.Threads = 1);
        return services.BuildServiceProvider();
    }
}
