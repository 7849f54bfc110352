using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace PaliGguf.Server.Tests.Operations;

public sealed class LifetimeTests
{
    [Fact]
    public async Task It_listens_while_the_model_is_loaded_and_says_that_it_is_not_ready()
    {
        await using RunningServer server = await StartSlowlyAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/healthz")).StatusCode);
        using HttpResponseMessage loading = await server.Client.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, loading.StatusCode);
        Assert.NotNull(loading.Headers.RetryAfter);
        Assert.Equal("loading", JsonDocument.Parse(await loading.Content.ReadAsStringAsync()).RootElement.GetProperty("status").GetString());
        using HttpResponseMessage early = await server.SendAsync("/api/caption", Samples.Form(1));
        await early.ProblemAsync(503, "model_loading");
        Assert.NotNull(early.Headers.RetryAfter);
        await (await server.Client.GetAsync("/v1/models")).OpenAiErrorAsync(503, "model_loading");
        await server.ReadyAsync();
        Assert.Equal("a turtle on an orange background", await server.TextAsync("/api/caption", new { image = Samples.Base64(1) }));
    }

    [Fact]
    public async Task It_stops_before_the_model_is_loaded_too()
    {
        RunningServer server = await StartSlowlyAsync();
        await server.DisposeAsync();
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains("Loaded", StringComparison.Ordinal) || line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_that_does_not_load_ends_the_server_with_the_reason()
    {
        await using PaliServer server = await PaliServer.StartAsync(RunningServer.Options with { Model = "no-such-model.gguf" });
        Assert.Contains("no-such-model.gguf", (await Assert.ThrowsAsync<FileNotFoundException>(() => server.WaitForShutdownAsync())).Message);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_an_error_at_once()
    {
        RunningServer first = await RunningServer.Shared;
        string url = first.Address.ToString();
        Assert.Contains($"address already in use ({url}): name another address with --urls",
            (await Assert.ThrowsAsync<IOException>(() => PaliServer.StartAsync(RunningServer.Options with { Urls = [url] }))).Message);
    }

    [Fact]
    public async Task What_runs_and_what_is_allowed_can_be_asked()
    {
        RunningServer server = await RunningServer.Shared;
        JsonElement status = await (await server.Client.GetAsync("/api/model")).JsonAsync();
        Assert.Equal("pali-nano", status.GetProperty("name").GetString());
        Assert.Equal((112, 64, 4), (status.GetProperty("imageSize").GetInt32(), status.GetProperty("imageTokens").GetInt32(), status.GetProperty("sequences").GetInt32()));
        Assert.Contains("segment", status.GetProperty("tasks").EnumerateArray().Select(task => task.GetString()));
        JsonElement ram = status.GetProperty("memory").GetProperty("ram");
        Assert.InRange(ram.GetProperty("bytes").GetInt64(), ram.GetProperty("parts").EnumerateArray().Max(part => part.GetProperty("bytes").GetInt64()), 1L << 30);
        Assert.Equal(32 << 20, status.GetProperty("limits").GetProperty("bodyBytes").GetInt64());
        // Where the files lie is nobody's business.
        Assert.DoesNotContain("gguf\"", status.GetRawText());
    }

    // Each of these pictures is looked at before the model is ready.
    private static Task<RunningServer> StartSlowlyAsync() => RunningServer.StartAsync(
        options => options with { ModelOptions = options.ModelOptions with { Pictures = [.. Enumerable.Range(0, 150).Select(_ => RgbImage.FromRgb(RandomNumberGenerator.GetBytes(3 * 8 * 8), 8, 8))] } },
        untilReady: false);
}
