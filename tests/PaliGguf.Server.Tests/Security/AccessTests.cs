using System.Net;
using System.Text.Json;

namespace PaliGguf.Server.Tests.Security;

public sealed class AccessTests
{
    private const string Key = "first-key-0123456789";
    private const string OtherKey = "other-key-0123456789";

    [Fact]
    public async Task With_keys_nothing_but_health_and_description_is_open()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { ApiKeys = [Key, OtherKey] });
        foreach (string path in new[] { "/healthz", "/readyz", "/openapi/v1.json" }) Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(path)).StatusCode);
        foreach (string path in new[] { "/api/model", "/metrics" })
        {
            using HttpResponseMessage refused = await server.Client.GetAsync(path);
            await refused.ProblemAsync(401, "invalid_api_key");
            Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.ToString());
        }

        JsonElement error = await (await server.Client.GetAsync("/v1/models")).OpenAiErrorAsync(401, "invalid_api_key");
        Assert.Equal("authentication_error", error.GetProperty("type").GetString());
        object caption = new { image = Samples.Base64(1) };
        await (await server.PostAsync("/api/caption", caption)).ProblemAsync(401, "invalid_api_key");
        foreach (string wrong in new[] { "Bearer ", $"Bearer {Key}x", $"Basic {Key}", Key, $"Bearer {Key[..^1]}" })
        {
            await (await server.PostAsync("/api/caption", caption, ("Authorization", wrong))).ProblemAsync(401, "invalid_api_key");
        }

        foreach (string key in new[] { Key, OtherKey }) await (await server.PostAsync("/api/caption", caption, ("Authorization", $"Bearer {key}"))).JsonAsync();
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains(Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_official_client_carries_the_key()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { ApiKeys = [Key] });
        Assert.Equal("pali-nano", Assert.Single((await OpenAi.ChatCompletionTests.Client(server, Key).GetOpenAIModelClient().GetModelsAsync()).Value).Id);
        System.ClientModel.ClientResultException failure =
            await Assert.ThrowsAsync<System.ClientModel.ClientResultException>(() => OpenAi.ChatCompletionTests.Client(server, "wrong-key").GetOpenAIModelClient().GetModelsAsync());
        Assert.Equal(401, failure.Status);
    }

    [Fact]
    public async Task Each_key_has_its_own_rate()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { ApiKeys = [Key, OtherKey], Rate = 2 });
        Task<HttpResponseMessage> Caption(string key) => server.PostAsync("/api/caption", new { image = Samples.Base64(1) }, ("Authorization", $"Bearer {key}"));
        await (await Caption(Key)).JsonAsync();
        await (await Caption(Key)).JsonAsync();
        using HttpResponseMessage refused = await Caption(Key);
        await refused.ProblemAsync(429, "rate_exceeded");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        await (await Caption(OtherKey)).JsonAsync();
        // To look at the server costs nothing.
        using HttpRequestMessage look = new(HttpMethod.Get, "/api/model") { Headers = { { "Authorization", $"Bearer {Key}" } } };
        Assert.Equal(HttpStatusCode.OK, (await server.Client.SendAsync(look)).StatusCode);
    }
}
