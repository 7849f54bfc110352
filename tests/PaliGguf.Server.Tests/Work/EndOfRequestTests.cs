using OpenAI.Chat;

namespace PaliGguf.Server.Tests.Work;

/// <summary>Requests that end before their answer does.</summary>
public sealed class EndOfRequestTests
{
    // Many times what the tests wait for.
    private const int VeryLong = 100_000;

    private static readonly object LongAnswer = new { image = Samples.Base64(1), ignoreEos = true, maxTokens = VeryLong };

    [Fact]
    public async Task A_client_that_leaves_frees_its_sequence()
    {
        await using RunningServer server = await StartAsync();
        using (HttpResponseMessage leaving = await server.PostAsync("/api/caption", LongAnswer, ("Accept", "text/event-stream")))
        {
            await leaving.EventsAsync().Take(3).ToListAsync();
        }

        // There is one sequence: this would wait for the end of the long answer.
        Assert.Equal("a turtle on an orange background", await server.TextAsync("/api/caption", new { image = Samples.Base64(1) }));
        double decoded = await MetricAsync(server, "gen_ai_client_token_usage_sum", "output");
        Assert.InRange(decoded, 1, 4096);
        await Eventually.TrueAsync(() => server.Log.Lines.Any(line => line.Contains("POST /api/caption 499", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_client_that_leaves_the_queue_makes_room_in_it()
    {
        await using RunningServer server = await StartAsync(options => options with { Queue = 1 });
        using HttpResponseMessage running = await server.PostAsync("/api/caption", LongAnswer, ("Accept", "text/event-stream"));
        using CancellationTokenSource leave = new();
        Task waiting = server.Client.PostAsync("/api/caption", Samples.Form(1), leave.Token);
        await Eventually.TrueAsync(async () => await MetricAsync(server, "paligguf_queue_length") == 1);
        await (await server.SendAsync("/api/caption", Samples.Form(1))).ProblemAsync(429, "queue_full");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Eventually.TrueAsync(async () => await MetricAsync(server, "paligguf_queue_length") == 0);
        Assert.Equal(1, await MetricAsync(server, "paligguf_requests_refused_total", "queue"));
    }

    [Fact]
    public async Task What_takes_too_long_is_ended_at_the_deadline()
    {
        await using RunningServer server = await StartAsync(options => options with { Deadline = TimeSpan.FromMilliseconds(400) });
        await (await server.PostAsync("/api/caption", LongAnswer)).ProblemAsync(504, "deadline_exceeded");
        using HttpResponseMessage stream = await server.PostAsync("/api/caption", LongAnswer, ("Accept", "text/event-stream"));
        // On a busy machine the time may be over before the first token.
        if (!stream.IsSuccessStatusCode) return;
        List<ServerEvent> events = await stream.BrokenEventsAsync();
        Assert.Equal("error", events[^1].Name);
        Assert.Equal("deadline_exceeded", events[^1].Json.GetProperty("code").GetString());
        Assert.All(events.SkipLast(1), sent => Assert.Equal("token", sent.Name));
        await Eventually.TrueAsync(
            () => server.Log.Lines.Count(line => line.Contains("POST /api/caption 504", StringComparison.Ordinal)) == 2);
        Assert.DoesNotContain(server.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_official_client_throws_where_a_stream_ends_too_soon()
    {
        await using RunningServer server = await StartAsync(options => options with { Drain = TimeSpan.Zero });
        ChatClient chat = OpenAi.ChatCompletionTests.Client(server).GetChatClient("pali-nano");
        ChatMessage[] messages = [OpenAi.ChatCompletionTests.Ask("describe en", 4)];
        int updates = 0;
        Task stopped = Task.CompletedTask;
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            // The tokens of such an answer come when all 28 have been decoded, and looked at once more.
            ChatCompletionOptions options = new() { IncludeLogProbabilities = true, TopLogProbabilityCount = 20 };
            await foreach (StreamingChatCompletionUpdate update in chat.CompleteChatStreamingAsync(messages, options))
            {
                if (updates++ == 0) stopped = server.Server.StopAsync();
            }
        });
        Assert.True(updates > 0);
        Assert.True(failure is HttpRequestException or IOException, failure.ToString());
        await stopped;
    }

    [Fact]
    public async Task A_server_that_stops_lets_requests_end_for_a_while()
    {
        RunningServer server = await StartAsync(options => options with { Drain = TimeSpan.FromMinutes(1) });
        using HttpResponseMessage running = await server.PostAsync("/api/caption", new { image = Samples.Base64(1), ignoreEos = true, maxTokens = 300 }, ("Accept", "text/event-stream"));
        Task stopped = server.Server.StopAsync();
        List<ServerEvent> events = await running.EventsAsync().ToListAsync();
        Assert.Equal("result", events[^1].Name);
        Assert.Equal("length", events[^1].Json.GetProperty("finishReason").GetString());
        await stopped;
        await server.DisposeAsync();
    }

    [Fact]
    public async Task And_then_it_ends_them()
    {
        RunningServer server = await StartAsync(options => options with { Drain = TimeSpan.FromMilliseconds(100) });
        using HttpResponseMessage running = await server.PostAsync("/api/caption", LongAnswer, ("Accept", "text/event-stream"));
        Task stopped = server.Server.StopAsync();
        List<ServerEvent> events = await running.BrokenEventsAsync();
        Assert.Equal("server_stopping", events[^1].Json.GetProperty("code").GetString());
        await stopped;
        await Assert.ThrowsAsync<HttpRequestException>(() => server.Client.GetAsync("/healthz"));
        await server.DisposeAsync();
    }

    private static Task<RunningServer> StartAsync(Func<ServerOptions, ServerOptions>? configure = null) => RunningServer.StartAsync(options =>
    {
        options = options with { ModelOptions = options.ModelOptions with { Sequences = 1, ContextLength = 8192 } };
        return configure?.Invoke(options) ?? options;
    });

    private static async Task<double> MetricAsync(RunningServer server, string name, string label = "")
    {
        string text = await server.Client.GetStringAsync("/metrics");
        return text.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..]));
    }
}
