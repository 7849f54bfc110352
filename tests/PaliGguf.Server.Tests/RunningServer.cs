using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using PaliGguf.Tests;

namespace PaliGguf.Server.Tests;

/// <summary>A server with the small trained model behind real sockets, and a client of it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly Lazy<Task<RunningServer>> OneForAll = new(() => StartAsync());

    private RunningServer(PaliServer server, HttpClient client, CapturedLog log) => (Server, Client, Log) = (server, client, log);

    /// <summary>With nothing but defaults: used by all tests that change nothing about it, until the process ends.</summary>
    public static Task<RunningServer> Shared => OneForAll.Value;

    public PaliServer Server { get; }

    public HttpClient Client { get; }

    public CapturedLog Log { get; }

    public Uri Address => Server.Addresses[0];

    /// <summary>One thread: the library's threads spin while they wait for each other, and tests share few cores.</summary>
    public static ServerOptions Options { get; } = new()
    {
        Model = Repository.PaliNano,
        ModelOptions = new ModelOptions { Threads = 1, Sequences = 4, ImagesPerPrompt = 2 },
        Urls = ["http://127.0.0.1:0"],
    };

    /// <summary>Starts a server.</summary>
    /// <param name="configure">Changes its options.</param>
    /// <param name="untilReady">Whether to wait until the model is loaded.</param>
    public static async Task<RunningServer> StartAsync(Func<ServerOptions, ServerOptions>? configure = null, bool untilReady = true)
    {
        CapturedLog log = new();
        ServerOptions options = Options with { Logging = logging => logging.AddProvider(log) };
        PaliServer server = await PaliServer.StartAsync(configure?.Invoke(options) ?? options);
        HttpClient client = new() { BaseAddress = server.Addresses[0], Timeout = TimeSpan.FromMinutes(2) };
        RunningServer running = new(server, client, log);
        if (untilReady) await running.ReadyAsync();
        return running;
    }

    public Task ReadyAsync() => Eventually.TrueAsync(async () => (await Client.GetAsync("/readyz")).StatusCode == HttpStatusCode.OK);

    /// <summary>Asks for something, with a body of JSON.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, object body, params (string Name, string Value)[] headers) => SendAsync(path, JsonContent.Create(body), headers);

    public async Task<HttpResponseMessage> SendAsync(string path, HttpContent content, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = content };
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The text of an answer that must succeed.</summary>
    public async Task<string> TextAsync(string path, object body) => (await (await PostAsync(path, body)).JsonAsync()).GetProperty("text").GetString()!;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>What is asserted of answers.</summary>
internal static class Responses
{
    /// <summary>The JSON of an answer that must succeed.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The problem of an answer that must fail.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal($"urn:paligguf:problem:{code}", problem.GetProperty("type").GetString());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("detail").GetString()));
        Assert.Equal(Assert.Single(response.Headers.GetValues("X-Request-Id")), problem.GetProperty("requestId").GetString());
        return problem;
    }

    /// <summary>The error of an answer of OpenAI's API that must fail.</summary>
    public static async Task<JsonElement> OpenAiErrorAsync(this HttpResponseMessage response, int status, string code)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {text}");
        JsonElement error = JsonDocument.Parse(text).RootElement.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.False(string.IsNullOrEmpty(error.GetProperty("message").GetString()));
        return error;
    }
}
