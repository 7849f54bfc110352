using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using PaliGguf.Hosting.Pictures;
using PaliGguf.Tests;

namespace PaliGguf.Hosting.Tests.Pictures;

/// <summary>Pictures from another server, which here is one on this computer.</summary>
public sealed class RemotePictureTests : IAsyncLifetime
{
    private static readonly byte[] Scene = File.ReadAllBytes(Path.Combine(Repository.PaliNano, "samples", "scene_01.png"));

    private readonly X509Certificate2 _certificate = SelfSigned();
    private WebApplication _site = null!;
    private string _host = "";

    [Fact]
    public async Task A_picture_of_a_host_that_is_allowed_is_fetched()
    {
        using RemotePictures pictures = Pictures(_host);
        Assert.Equal(Scene, (await FetchAsync(pictures, "/scene.png")).ToArray());
        Assert.Equal(Scene, (await FetchAsync(pictures, "/moved")).ToArray());
    }

    [Theory]
    [InlineData("/away", true, "127.0.0.2")]
    [InlineData("/down", true, "https")]
    [InlineData("/circle", false, "redirects")]
    [InlineData("/missing", false, "status 404")]
    [InlineData("/endless", false, "more than")]
    [InlineData("/large", false, "more than")]
    public async Task But_not_whatever_it_answers(string path, bool isRefused, string message)
    {
        using RemotePictures pictures = Pictures(_host);
        RemotePictureException refused = await Assert.ThrowsAsync<RemotePictureException>(() => FetchAsync(pictures, path));
        Assert.Equal(isRefused, refused.IsRefused);
        Assert.Contains(message, refused.Message);
    }

    [Fact]
    public async Task Nor_from_other_hosts_ports_or_protocols()
    {
        using RemotePictures pictures = Pictures(_host, "example.org");
        foreach (string address in new[] { "https://127.0.0.1/", "https://127.0.0.1:1/", $"http://{_host}/scene.png", $"https://user@{_host}/scene.png", "https://example.org:8443/", "ftp://example.org/" })
        {
            RemotePictureException refused = await Assert.ThrowsAsync<RemotePictureException>(
                () => pictures.FetchAsync(new Uri(address), CancellationToken.None));
            Assert.True(refused.IsRefused);
        }
    }

    [Fact]
    public async Task Nor_from_inside_a_private_network_even_of_a_host_that_is_allowed()
    {
        using RemotePictures pictures = new([_host], 1 << 20, mayConnect: null, Trust);
        Assert.Contains("private network", (await Assert.ThrowsAsync<RemotePictureException>(() => FetchAsync(pictures, "/scene.png"))).Message);
    }

    [Fact]
    public async Task Unless_the_whole_origin_is_allowed_as_it_is()
    {
        using RemotePictures pictures = new([$"https://{_host}"], 1 << 20, mayConnect: null, Trust);
        Assert.Equal(Scene, (await FetchAsync(pictures, "/scene.png")).ToArray());
        RemotePictureException refused = await Assert.ThrowsAsync<RemotePictureException>(() => FetchAsync(pictures, "/down"));
        Assert.True(refused.IsRefused);
    }

    [Theory]
    [InlineData("example.org", true)]
    [InlineData("example.org:8443", true)]
    [InlineData("http://10.0.0.5:9000", true)]
    [InlineData("https://example.org/", true)]
    [InlineData("ftp://example.org", false)]
    [InlineData("example.org/pictures", false)]
    [InlineData("https://user@example.org", false)]
    [InlineData("", false)]
    public void Hosts_are_names_or_origins(string text, bool expected) => Assert.Equal(expected, RemotePictures.IsHost(text));

    [Fact]
    public async Task Nor_from_a_host_that_can_not_prove_its_name()
    {
        using RemotePictures pictures = new([_host], 1 << 20, _ => true);
        Assert.Contains("could not be reached", (await Assert.ThrowsAsync<RemotePictureException>(() => FetchAsync(pictures, "/scene.png"))).Message);
    }

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate)));
        _site = builder.Build();
        _site.Run(AnswerAsync);
        await _site.StartAsync();
        _host = new Uri(_site.Urls.First()).Authority;
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        _certificate.Dispose();
    }

    private SslClientAuthenticationOptions Trust => new() { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == _certificate.GetCertHashString() };

    private RemotePictures Pictures(params string[] hosts) => new(hosts, 1 << 20, _ => true, Trust);

    private Task<ReadOnlyMemory<byte>> FetchAsync(RemotePictures pictures, string path) =>
        pictures.FetchAsync(new Uri($"https://{_host}{path}"), CancellationToken.None);

    private async Task AnswerAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        switch (context.Request.Path.Value)
        {
            case "/scene.png": await response.Body.WriteAsync(Scene); break;
            case "/moved": response.Redirect("/scene.png"); break;
            case "/away": response.Redirect("https://127.0.0.2/scene.png"); break;
            case "/down": response.Redirect($"http://{_host}/scene.png"); break;
            case "/circle": response.Redirect("/circle"); break;
            case "/large": response.ContentLength = 1L << 40; await response.Body.FlushAsync(); break;
            case "/endless":
                for (byte[] zeros = new byte[1 << 16]; !context.RequestAborted.IsCancellationRequested;) await response.Body.WriteAsync(zeros, context.RequestAborted);
                break;
            default: response.StatusCode = 404; break;
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
