using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PaliGguf.Language;

namespace PaliGguf.AI.Tests.Middleware;

/// <summary>What the middleware of Microsoft.Extensions.AI makes of the client, each alone.</summary>
public sealed class MiddlewareTests(LoadedNano nano) : IClassFixture<LoadedNano>
{
    private const string Caption = "a turtle on an orange background";

    [Theory]
    [InlineData(LogLevel.Debug, false)]
    [InlineData(LogLevel.Trace, true)]
    public async Task Logging_tells_prompts_and_answers_at_the_lowest_level_only(LogLevel level, bool told)
    {
        using Lines lines = new(level);
        using LoggerFactory loggers = new([lines], new LoggerFilterOptions { MinLevel = level });
        using IChatClient client = nano.Client.AsBuilder().UseLogging(loggers).Build();
        ChatMessage message = NanoModel.Ask("caption en", NanoModel.Turtle);
        Assert.Equal(Caption, (await client.GetResponseAsync(message)).Text);
        Assert.Equal(Caption, (await client.GetStreamingResponseAsync(message).ToChatResponseAsync()).Text);
        Assert.Contains(lines.All, line => line.Contains("completed", StringComparison.Ordinal));
        Assert.Equal(told, lines.All.Any(line => line.Contains("caption en", StringComparison.Ordinal)));
        Assert.Equal(told, lines.All.Any(line => line.Contains("turtle", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Telemetry_has_the_names_of_the_conventions()
    {
        string source = Guid.NewGuid().ToString();
        ConcurrentQueue<Activity> ended = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = candidate => candidate.Name == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using IChatClient client = nano.Client.AsBuilder().UseOpenTelemetry(sourceName: source).Build();
        ChatOptions options = new() { MaxOutputTokens = 3, Temperature = 0 };
        await client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle), options);
        await client.GetStreamingResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle), options).ToChatResponseAsync();
        Assert.Equal(2, ended.Count);
        foreach (Activity activity in ended)
        {
            Assert.Equal("chat pali-nano", activity.DisplayName);
            Dictionary<string, object?> tags = activity.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal);
            Assert.Equal(PaliChatClient.ProviderName, tags["gen_ai.provider.name"]);
            Assert.Equal(("pali-nano", "pali-nano"), (tags["gen_ai.request.model"], tags["gen_ai.response.model"]));
            Assert.Equal((3, 0f), (tags["gen_ai.request.max_tokens"], tags["gen_ai.request.temperature"]));
            Assert.Equal(("68", "3"), ($"{tags["gen_ai.usage.input_tokens"]}", $"{tags["gen_ai.usage.output_tokens"]}"));
            Assert.Equal("""["length"]""", $"{tags["gen_ai.response.finish_reasons"]}");
        }
    }

    [Fact]
    public async Task A_cache_tells_pictures_prompts_and_options_apart()
    {
        using IChatClient client = Cached();
        ChatMessage turtle = NanoModel.Ask("caption en", NanoModel.Turtle);
        ChatResponse first = await client.GetResponseAsync(turtle);
        ChatResponse same = await client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle));
        Assert.Equal((Caption, first.ResponseId), (same.Text, same.ResponseId));
        Assert.Equal((68, 6), (same.Usage!.InputTokenCount, same.Usage.OutputTokenCount));
        // What is no part of the protocol is not kept.
        Assert.IsType<GenerationResult>(first.RawRepresentation);
        Assert.Null(same.RawRepresentation);

        Assert.Equal("two bananas on a blue background",
            (await client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Sample("scene_02")))).Text);
        Assert.Equal("an orange background with a turtle at the top",
            (await client.GetResponseAsync(NanoModel.Ask("describe en", NanoModel.Turtle))).Text);
        Assert.Equal(2, (await client.GetResponseAsync(turtle, new ChatOptions { MaxOutputTokens = 2 })).Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task A_cache_tells_requests_that_are_made_by_hand_apart_by_their_additional_properties_alone()
    {
        using IChatClient client = Cached();
        ChatMessage message = NanoModel.Ask("caption en", NanoModel.Turtle);
        Assert.Equal(Caption, (await client.GetResponseAsync(message, Longest(20))).Text);
        Assert.Equal(Caption, (await client.GetResponseAsync(message, Longest(2))).Text);
        Assert.Equal("a turtle", (await client.GetResponseAsync(message, Longest(2, "short"))).Text);

        static ChatOptions Longest(int tokens, string? name = null) => new()
        {
            RawRepresentationFactory = _ => new GenerationRequest { Prompt = "", MaxTokens = tokens },
            AdditionalProperties = name is null ? null : new() { ["request"] = name },
        };
    }

    [Fact]
    public async Task Functions_may_be_invoked_by_the_pipeline_as_long_as_there_are_none()
    {
        using IChatClient client =
            nano.Client.AsBuilder().UseFunctionInvocation().ConfigureOptions(options => options.MaxOutputTokens ??= 2).Build();
        Assert.Equal("a turtle", (await client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle))).Text);
        Assert.Equal("a turtle",
            (await client.GetStreamingResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle)).ToChatResponseAsync()).Text);
        ChatOptions tools = new() { Tools = [AIFunctionFactory.Create(() => 1, "one")] };
        await Assert.ThrowsAsync<NotSupportedException>(
            () => client.GetResponseAsync(NanoModel.Ask("caption en", NanoModel.Turtle), tools));
    }

    private IChatClient Cached() =>
        nano.Client.AsBuilder().UseDistributedCache(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())))
            .Build();

    private sealed class Lines(LogLevel least) : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyList<string> All => [.. _lines];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
