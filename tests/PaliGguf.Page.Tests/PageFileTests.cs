using System.Net;
using System.Net.Http.Headers;

namespace PaliGguf.Page.Tests;

public sealed class PageFileTests
{
    [Fact]
    public async Task Files_come_packed_and_again_only_when_they_have_changed()
    {
        using HttpClient client = new() { BaseAddress = (await Site.Shared).Address };
        string whole = await client.GetStringAsync("/main.js");
        using HttpResponseMessage packed = await SendAsync(client, "/main.js", request => request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip")));
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        Assert.InRange(packed.Content.Headers.ContentLength!.Value, 1, whole.Length / 2);
        using HttpResponseMessage again = await SendAsync(client, "/main.js", request =>
        {
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
            request.Headers.IfNoneMatch.Add(packed.Headers.ETag!);
        });
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("Accept-Encoding", packed.Headers.Vary.Single());
    }

    [Fact]
    public async Task Nothing_but_the_page_s_own_files_may_run()
    {
        using HttpClient client = new() { BaseAddress = (await Site.Shared).Address };
        using HttpResponseMessage page = await client.GetAsync("/");
        string policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'self'; img-src 'self'", policy);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        string html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string path, Action<HttpRequestMessage> configure)
    {
        HttpRequestMessage request = new(HttpMethod.Get, path);
        configure(request);
        return client.SendAsync(request);
    }
}
