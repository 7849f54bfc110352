using System.Net;

namespace PaliGguf.Server.Tests.Http;

/// <summary>Methods besides GET and POST, as monitors, proxies and browsers send them.</summary>
public sealed class MethodTests
{
    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/healthz", "application/json")]
    [InlineData("/v1/models", "application/json")]
    [InlineData("/metrics", "text/plain")]
    [InlineData("/samples/scene_04.png", "image/png")]
    public async Task HEAD_has_the_headers_of_GET_and_no_body(string path, string type)
    {
        RunningServer server = await RunningServer.Shared;
        using HttpRequestMessage request = new(HttpMethod.Head, path);
        using HttpResponseMessage head = await server.Client.SendAsync(request), get = await server.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(type, head.Content.Headers.ContentType?.MediaType);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task HEAD_of_what_is_not_there_or_takes_only_POST_is_refused_as_GET_is()
    {
        RunningServer server = await RunningServer.Shared;
        (string, HttpStatusCode)[] refusals = [("/nothing", HttpStatusCode.NotFound), ("/api/caption", HttpStatusCode.MethodNotAllowed)];
        foreach ((string path, HttpStatusCode status) in refusals)
        {
            using HttpRequestMessage request = new(HttpMethod.Head, path);
            using HttpResponseMessage response = await server.Client.SendAsync(request);
            Assert.Equal(status, response.StatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("/", "GET, HEAD, OPTIONS")]
    [InlineData("/healthz", "GET, HEAD, OPTIONS")]
    [InlineData("/api/caption", "POST, OPTIONS")]
    [InlineData("/v1/chat/completions", "POST, OPTIONS")]
    public async Task OPTIONS_tells_the_methods_of_an_address(string path, string allowed)
    {
        RunningServer server = await RunningServer.Shared;
        using HttpRequestMessage request = new(HttpMethod.Options, path);
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
        using HttpRequestMessage other = new(HttpMethod.Delete, path);
        using HttpResponseMessage refused = await server.Client.SendAsync(other);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, allowed), (refused.StatusCode, string.Join(", ", refused.Content.Headers.Allow)));
        Assert.Contains(allowed, await refused.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task OPTIONS_of_the_whole_server_is_answered()
    {
        RunningServer server = await RunningServer.Shared;
        using RawConnection connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(204, await connection.StatusAsync());
        using HttpRequestMessage nothing = new(HttpMethod.Options, "/nothing");
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.SendAsync(nothing)).StatusCode);
    }

    [Fact]
    public async Task HEAD_needs_a_key_where_GET_does()
    {
        await using RunningServer server =
            await RunningServer.StartAsync(options => options with { ApiKeys = ["first-key-0123456789"] }, untilReady: false);
        using HttpRequestMessage request = new(HttpMethod.Head, "/v1/models");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.SendAsync(request)).StatusCode);
    }
}
