using System.Runtime.CompilerServices;
using System.Threading.RateLimiting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Polly;

namespace Captions;

internal static class CaptionPipeline
{
    public static ChatClientBuilder AddCaptions(
        this IServiceCollection services, string model, RateLimiter limiter, ResiliencePipeline attempts)
    {
        services.AddPaliGguf("captions", options => options.Model = model);
        return services.AddChatClient(provider => provider.GetRequiredKeyedService<IChatClient>("captions"))
            .UseLogging()
            .UseOpenTelemetry()
            .UseDistributedCache()
            .Use(inner => new LimitedChatClient(inner, limiter))
            .Use(inner => new RetryingChatClient(inner, attempts));
    }
}

/// <summary>Lets so many requests through as a limiter says, each until its answer has ended.</summary>
internal sealed class LimitedChatClient(IChatClient inner, RateLimiter limiter) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using RateLimitLease lease = await EnterAsync(cancellationToken);
        return await base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation]
            CancellationToken cancellationToken = default)
    {
        using RateLimitLease lease = await EnterAsync(cancellationToken);
        await foreach (ChatResponseUpdate update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            yield return update;
    }

    private async Task<RateLimitLease> EnterAsync(CancellationToken cancellationToken) =>
        await limiter.AcquireAsync(1, cancellationToken) is { IsAcquired: true } lease
            ? lease : throw new InvalidOperationException("Too many requests.");
}

/// <summary>Tries again what fails before anything was answered.</summary>
internal sealed class RetryingChatClient(IChatClient inner, ResiliencePipeline attempts) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await attempts.ExecuteAsync(async token => await base.GetResponseAsync(messages, options, token), cancellationToken);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation]
            CancellationToken cancellationToken = default)
    {
        (IAsyncEnumerator<ChatResponseUpdate> updates, bool more) = await attempts.ExecuteAsync(
            async token =>
            {
                var begun = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(token);
                return (begun, await begun.MoveNextAsync());
            },
            cancellationToken);
        await using (updates)
        {
            for (; more; more = await updates.MoveNextAsync()) yield return updates.Current;
        }
    }
}
