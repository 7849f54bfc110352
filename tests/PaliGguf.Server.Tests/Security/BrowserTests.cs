using System.Net;

namespace PaliGguf.Server.Tests.Security;

/// <summary>What web pages elsewhere can and can not do.</summary>
public sealed class BrowserTests
{
    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:1234", 200)]
    [InlineData("127.0.0.1:80", 200)]
    [InlineData("[::1]:80", 200)]
    [InlineData("evil.example", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    [InlineData("192.168.0.1", 403)]
    public async Task A_server_for_this_computer_answers_to_no_other_name(string host, int status)
    {
        RunningServer server = await RunningServer.Shared;
        using HttpRequestMessage request = new(HttpMethod.Get, "/healthz") { Headers = { Host = host } };
        Assert.Equal(status, (int)(await server.Client.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("null")]
    public async Task A_page_of_another_origin_is_kept_out(string origin)
    {
        RunningServer server = await RunningServer.Shared;
        using HttpResponseMessage response = await server.SendAsync("/api/caption", Samples.Form(1), ("Origin", origin));
        await response.ProblemAsync(403, "origin_not_allowed");
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Its_own_page_is_not()
    {
        RunningServer server = await RunningServer.Shared;
        await (await server.SendAsync("/api/caption", Samples.Form(1), ("Origin", server.Address.GetLeftPart(UriPartial.Authority)))).JsonAsync();
    }

    [Fact]
    public async Task An_origin_that_is_allowed_may_ask_first_and_read_the_answer()
    {
        const string Origin = "https://app.example";
        await using RunningServer server = await RunningServer.StartAsync(options => options with { CorsOrigins = [Origin], Hosts = ["pali.example"] });
        using HttpRequestMessage preflight = new(HttpMethod.Options, "/api/caption")
        {
            Headers = { { "Origin", Origin }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers",
                "authorization,x-stainless-lang" }, { "Access-Control-Request-Private-Network", "true" }, { "Host", "pali.example" } },
        };
        using HttpResponseMessage allowed = await server.Client.SendAsync(preflight);
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal(Origin, Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("authorization,x-stainless-lang", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Headers")));
        Assert.Equal("GET, HEAD, POST", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Methods")));
        Assert.Equal("true", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Private-Network")));
        using HttpResponseMessage answer = await server.SendAsync("/api/caption", Samples.Form(1), ("Origin", Origin));
        await answer.JsonAsync();
        Assert.Equal(Origin, Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync("/api/caption", Samples.Form(1), ("Origin", "https://other.example"))).StatusCode);
    }

    [Fact]
    public async Task Every_answer_has_the_headers_that_keep_browsers_careful()
    {
        RunningServer server = await RunningServer.Shared;
        foreach (string path in new[] { "/healthz", "/nothing", "/v1/models", "/metrics" })
        {
            using HttpResponseMessage response = await server.Client.GetAsync(path);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
            Assert.Contains("default-src 'self'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
            Assert.False(response.Headers.Contains("Server"));
        }
    }
}
