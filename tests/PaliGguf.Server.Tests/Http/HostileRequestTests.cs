using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using PaliGguf.Cli.Tests.Processes;

namespace PaliGguf.Server.Tests.Http;

/// <summary>Whatever comes over the line, the server stays, and answers others.</summary>
public sealed class HostileRequestTests
{
    private const string Head = "POST /api/caption HTTP/1.1\r\nHost: localhost\r\n";

    [Fact]
    public async Task A_body_that_says_it_is_too_large_is_not_read()
    {
        RunningServer server = await RunningServer.Shared;
        using RawConnection connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync($"{Head}Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n");
        Assert.Equal(413, await connection.StatusAsync());
        await StillAnswersAsync(server);
    }

    [Fact]
    public async Task A_body_that_does_not_say_is_read_up_to_the_limit()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxBody = 100_000 });
        using RawConnection connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync($"{Head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        byte[] chunk = Encoding.ASCII.GetBytes($"{4096:X}\r\n{new string(' ', 4096)}\r\n");
        Assert.InRange(await connection.FloodAsync(chunk, most: 64 << 20), 90_000, 32 << 20);
        Assert.Contains(await connection.StatusAsync(), new[] { 413, 0 });
        await (await server.PostAsync("/api/caption", new { image = Convert.ToBase64String(new byte[100_000]) })).ProblemAsync(413, "body_too_large");
        await StillAnswersAsync(server);
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_its_body_leaves_nothing_behind()
    {
        RunningServer server = await RunningServer.Shared;
        for (int round = 0; round < 20; round++)
        {
            RawConnection connection = await RawConnection.OpenAsync(server.Address);
            await connection.SendAsync($"{Head}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{{\"image\":\"{new string('A', 1000)}");
            connection.Abort();
        }

        await StillAnswersAsync(server);
    }

    [Fact]
    public async Task A_slow_body_keeps_nobody_waiting_and_is_given_up()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { ModelOptions = options.ModelOptions with { Sequences = 1 }, Queue = 0 });
        RawConnection[] slow = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RawConnection.OpenAsync(server.Address)));
        foreach (RawConnection connection in slow) await connection.SendAsync($"{Head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{");
        await StillAnswersAsync(server);
        foreach (RawConnection connection in slow)
        {
            // One that came while the other request ran is refused at once.
            Assert.Contains(await connection.StatusAsync(), new[] { 408, 429, 0 });
            connection.Dispose();
        }
    }

    [Theory]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: localhost\r\n", "X-A{0}: b\r\n", 431)]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 431)]
    [InlineData("GET /", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 414)]
    public async Task A_flood_of_headers_ends_early(string begin, string piece, int status)
    {
        RunningServer server = await RunningServer.Shared;
        using RawConnection connection = await RawConnection.OpenAsync(server.Address);
        string flood = string.Concat(Enumerable.Range(0, 1000).Select(index => string.Format(piece, index)));
        await connection.SendAsync(begin);
        await connection.FloodAsync(Encoding.ASCII.GetBytes(flood), flood.Length);
        Assert.Contains(await connection.StatusAsync(), new[] { status, 0 });
        await StillAnswersAsync(server);
    }

    [Theory]
    [InlineData("\0\0\0\0")]
    [InlineData("GET / HTTP/9.9\r\n\r\n")]
    [InlineData("GET /healthz HTTP/1.1\r\n\r\n")]
    [InlineData("POST /api/caption HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n")]
    [InlineData("POST /api/caption HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /api/caption HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZZZ\r\n")]
    public async Task What_is_not_HTTP_is_refused(string bytes)
    {
        RunningServer server = await RunningServer.Shared;
        using RawConnection connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync(bytes);
        Assert.Contains(await connection.StatusAsync(), new[] { 400, 505, 0 });
        await StillAnswersAsync(server);
    }

    [Theory]
    [InlineData("/../../../../etc/passwd")]
    [InlineData("/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/api/%00")]
    [InlineData("/v1/models/..%5c..%5cwindows")]
    [InlineData("/openapi/../appsettings.json")]
    public async Task A_path_to_elsewhere_leads_nowhere(string path)
    {
        RunningServer server = await RunningServer.Shared;
        using RawConnection connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Contains(await connection.StatusAsync(), new[] { 404, 400 });
    }

    [Theory]
    [InlineData("text/plain", "caption", 415)]
    [InlineData("application/xml", "<a/>", 415)]
    [InlineData("application/x-www-form-urlencoded", "image=a", 415)]
    [InlineData("multipart/form-data", "--b\r\n", 415)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"../../x.png\"\r\n\r\nabc", 400)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"../../x.png\"\r\n\r\nabc\r\n--b--\r\n", 415)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"../../image\"; filename=\"x.png\"\r\n\r\nabc\r\n--b--\r\n", 400)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\n\r\nabc\r\n--b--\r\n", 400)]
    [InlineData("multipart/form-data; boundary=b",
        "--b\r\nContent-Disposition: form-data; name=\"image\"; filename*\r\n\r\nabc\r\n--b--\r\n", 415)]
    [InlineData("multipart/form-data; boundary=b",
        "--b\r\nContent-Disposition: form-data; name=\"image\"; filename*=''\r\n\r\nabc\r\n--b--\r\n", 415)]
    [InlineData("multipart/form-data; boundary=b", "no parts at all", 400)]
    [InlineData("image/png", "abc", 415)]
    [InlineData("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", 415)]
    [InlineData("application/json", "\"\\ud800\"", 400)]
    [InlineData("application/json", "{\"image\":\"\\ud800\"}", 400)]
    [InlineData("application/json", "{\"\\ud800\":1}", 400)]
    public async Task A_body_of_the_wrong_kind_is_refused(string type, string body, int status)
    {
        RunningServer server = await RunningServer.Shared;
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using HttpResponseMessage response = await server.SendAsync("/api/caption", content);
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        await StillAnswersAsync(server);
    }

    [Fact]
    public async Task A_form_of_very_many_parts_is_given_up()
    {
        RunningServer server = await RunningServer.Shared;
        using MultipartFormDataContent form = [];
        for (int part = 0; part < 300; part++) form.Add(new StringContent("a"), "stop");
        await (await server.SendAsync("/api/caption", form)).ProblemAsync(400, "malformed_body");
    }

    [Fact]
    public async Task Nested_JSON_is_not_followed_for_long()
    {
        RunningServer server = await RunningServer.Shared;
        using StringContent body = new($"{{\"labels\":{new string('[', 100_000)}", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await server.SendAsync("/api/detect", body);
        Assert.Equal(400, (int)response.StatusCode);
        using StringContent chat = new($"{{\"tools\":{new string('[', 100_000)}", Encoding.UTF8, "application/json");
        Assert.Equal(400, (int)(await server.SendAsync("/v1/chat/completions", chat)).StatusCode);
        await StillAnswersAsync(server);
    }

    [Fact]
    public async Task A_compressed_body_is_not_unpacked()
    {
        RunningServer server = await RunningServer.Shared;
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(new byte[1 << 20]);
        using ByteArrayContent body = new(packed.ToArray()) { Headers = { { "Content-Type", "application/json" }, { "Content-Encoding", "gzip" } } };
        await (await server.SendAsync("/api/caption", body)).ProblemAsync(415, "unsupported_media_type");
    }

    [Fact]
    public async Task A_picture_that_is_small_only_in_bytes_is_not_decoded()
    {
        RunningServer server = await RunningServer.Shared;
        string bomb = Convert.ToBase64String(PngBytes.Black(30_000, 30_000));
        System.Text.Json.JsonElement problem = await (await server.PostAsync("/api/caption", new { image = bomb })).ProblemAsync(422, "picture_too_large");
        Assert.Contains("--max-pixels", problem.GetProperty("detail").GetString());
        await (await server.PostAsync("/api/pictures", new { image = bomb })).ProblemAsync(422, "picture_too_large");
        await StillAnswersAsync(server);
    }

    [Fact]
    public async Task A_picture_that_is_cut_off_is_refused()
    {
        RunningServer server = await RunningServer.Shared;
        await (await server.PostAsync("/api/caption", new { image = Convert.ToBase64String(Samples.File(1)[..5000]) })).ProblemAsync(422, "invalid_picture");
    }

    private static async Task StillAnswersAsync(RunningServer server) =>
        Assert.Equal("a turtle on an orange background", await server.TextAsync("/api/caption", new { image = Samples.Base64(1) }));
}
