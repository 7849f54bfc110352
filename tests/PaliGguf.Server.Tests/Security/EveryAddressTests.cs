using System.Net;
using System.Text.Json;

namespace PaliGguf.Server.Tests.Security;

/// <summary>What holds for all addresses of the server's own description, so that a new one is not forgotten.</summary>
public sealed class EveryAddressTests
{
    private const string Key = "open-sesame-0123456789";
    private const int MaxBody = 2048;

    private static readonly string[] Open = ["/healthz", "/readyz"];

    [Fact]
    public async Task Keys_hosts_origins_and_bodies_are_looked_at()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { ApiKeys = [Key], MaxBody = MaxBody });
        (string Path, bool Posts)[] addresses = [.. await AddressesAsync(server)];
        foreach (string known in (string[])["/api/each", "/api/video", "/v1/responses", "/api/chat", "/api/tags", "/ollama/api/generate", "/ollama/api/show"])
            Assert.Contains(known, addresses.Select(address => address.Path));
        foreach ((string path, bool posts) in addresses)
        {
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, await StatusAsync(server, path, posts, key: false)));
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, await StatusAsync(server, path, posts, ("Host", "evil.example"))));
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, await StatusAsync(server, path, posts, ("Origin", "https://evil.example"))));
            if (posts) Assert.Equal((path, HttpStatusCode.RequestEntityTooLarge), (path, await StatusAsync(server, path, posts, bytes: 2 * MaxBody)));
        }
    }

    [Fact]
    public async Task Work_is_counted_and_waits_in_the_queue()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            options => options with { Queue = 0, Rate = 1000, ModelOptions = options.ModelOptions with { Sequences = 1 } });
        using HttpResponseMessage running = await server.PostAsync("/api/generate",
            new { prompt = "describe en", image = Samples.Base64(1), ignoreEos = true, maxTokens = 400 }, ("Accept", "text/event-stream"));
        object chat = new { model = "pali-nano", prompt = "caption en", messages = new[] { new { role = "user", content = "caption en", images = new[] { Samples.Base64(1) } } } };
        foreach (string path in (string[])["/api/each", "/api/video", "/v1/responses", "/api/chat", "/ollama/api/chat", "/ollama/api/generate"])
            Assert.Equal((path, HttpStatusCode.TooManyRequests), (path, (await server.PostAsync(path, chat)).StatusCode));
        Assert.Equal("result", (await running.EventsAsync().ToListAsync())[^1].Name);
    }

    [Fact]
    public async Task Errors_of_ollamas_addresses_are_as_it_tells_them()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { ApiKeys = [Key] });
        using HttpResponseMessage refused = await server.Client.GetAsync("/api/tags");
        Assert.Equal("application/json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Contains("key", JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString());
    }

    private static async Task<IEnumerable<(string Path, bool Posts)>> AddressesAsync(RunningServer server)
    {
        JsonElement description = await (await server.Client.GetAsync("/openapi/v1.json")).JsonAsync();
        return from path in description.GetProperty("paths").EnumerateObject()
               where !Open.Contains(path.Name)
               from method in path.Value.EnumerateObject()
               select (path.Name.Replace("{id}", "0").Replace("{model}", "m"), method.Name == "post");
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningServer server, string path, bool posts, (string Name, string Value)? header = null, bool key = true, int bytes = 1)
    {
        using HttpRequestMessage request = new(posts ? HttpMethod.Post : HttpMethod.Get, path);
        if (posts) request.Content = new StringContent($"{{\"model\":\"{new string('m', bytes)}\"}}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        // A body that is not read ends its connection, which another request might be sent over.
        request.Headers.ConnectionClose = true;
        if (key) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Key}");
        if (header is { } added) request.Headers.TryAddWithoutValidation(added.Name, added.Value);
        return (await server.Client.SendAsync(request)).StatusCode;
    }
}
