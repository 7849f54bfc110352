using System.Net;
using System.Net.Sockets;
using System.Text;
using PaliGguf.Training.Pages;

namespace PaliGguf.Training.Tests.Pages;

public sealed class PageServerTests : IDisposable
{
    private readonly PageServer _server = PageServer.Start(0, () => "<p>ภาพ</p>");
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task The_page_is_shown_and_asked_for_again_by_the_browser()
    {
        HttpResponseMessage response = await _client.GetAsync(_server.Address);
        Assert.Equal("<p>ภาพ</p>", await response.Content.ReadAsStringAsync());
        Assert.Equal("5", Assert.Single(response.Headers.GetValues("Refresh")));
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task A_head_has_no_body()
    {
        string answer = await AskAsync($"HEAD / HTTP/1.1\r\nHost: {Host}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Length: 16\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421)]
    [InlineData("GET / HTTP/1.1\r\nHost: evil.example:PORT\r\n\r\n", 421)]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 421)]
    [InlineData("GET / HTTP/1.1\r\nhost:localhost:PORT\r\n\r\n", 200)]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: evil.example\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nAccept: */*\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 4\r\n\r\nbody", 405)]
    [InlineData("DELETE / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 405)]
    [InlineData("GET /../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 404)]
    [InlineData("GET http://127.0.0.1:PORT/ HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 404)]
    [InlineData("\r\n\r\n", 400)]
    [InlineData("\0\u0001\u0002 / \u00ff\r\n\r\n", 400)]
    [InlineData("GET / HTTP/9.9\r\nHost: 127.0.0.1:PORT\r\n\r\n", 400)]
    public async Task Nothing_else_is_answered(string request, int status)
    {
        string answer = await AskAsync(request.Replace("PORT", Port, StringComparison.Ordinal));
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(status == 200, answer.Contains("<p>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_head_without_an_end_is_not_read_to_its_end()
    {
        string answer = await AskAsync($"GET / HTTP/1.1\r\nHost: {Host}\r\nX: {new string('x', 20_000)}");
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_is_taken_is_told()
    {
        PaliException problem = Assert.Throws<PaliException>(() => PageServer.Start(int.Parse(Port), () => ""));
        Assert.StartsWith($"--watch {Port}: it can not listen there: ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_listens_at_the_loopback_address_alone()
    {
        IPEndPoint[] all = System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        Assert.Equal(IPAddress.Loopback, Assert.Single(all, each => each.Port == int.Parse(Port)).Address);
    }

    private string Host => $"127.0.0.1:{Port}";

    private string Port => new Uri(_server.Address).Port.ToString();

    private async Task<string> AskAsync(string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, int.Parse(Port));
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        client.Client.Shutdown(SocketShutdown.Send);
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync();
    }
}
