using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace PaliGguf.Server.Tests;

/// <summary>This assembly has a folder wwwroot as well.</summary>
public sealed class EmbeddedPageTests
{
    [Fact]
    public async Task Files_are_served_with_their_types_and_again_only_when_they_have_changed()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        EmbeddedPage.Map(app, typeof(EmbeddedPageTests).Assembly);
        await app.StartAsync();
        using HttpClient client = new() { BaseAddress = new Uri(((IApplicationBuilder)app).ServerFeatures.Get<IServerAddressesFeature>()!.Addresses.First()) };

        using HttpResponseMessage page = await client.GetAsync("/");
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("A page", await page.Content.ReadAsStringAsync());
        using HttpResponseMessage script = await client.GetAsync("/parts/page.js");
        Assert.Equal("text/javascript", script.Content.Headers.ContentType?.MediaType);
        using HttpRequestMessage again = new(HttpMethod.Get, "/parts/page.js") { Headers = { IfNoneMatch = { script.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/parts/%2e%2e/%2e%2e/PaliGguf.Server.dll")).StatusCode);
    }
}
