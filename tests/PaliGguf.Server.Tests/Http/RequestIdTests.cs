namespace PaliGguf.Server.Tests.Http;

public sealed class RequestIdTests
{
    [Fact]
    public async Task A_harmless_name_of_the_clients_comes_back_and_stands_in_the_log()
    {
        RunningServer server = await RunningServer.Shared;
        string id = $"job-7.a_{Guid.NewGuid():N}";
        Assert.Equal(id, await AskAsync(server, id));
        await Eventually.TrueAsync(() => server.Log.Lines.Any(line => line.Contains("GET /healthz 200") && line.Contains(id)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("<script>")]
    [InlineData("ümlaut")]
    public async Task Another_one_is_replaced(string id)
    {
        string given = await AskAsync(await RunningServer.Shared, id);
        Assert.NotEqual(id, given);
        Assert.Matches("^[0-9a-f]{32}$", given);
    }

    [Fact]
    public async Task So_is_one_that_is_too_long() => Assert.Matches("^[0-9a-f]{32}$", await AskAsync(await RunningServer.Shared, new string('g', 65)));

    [Fact]
    public async Task Neither_prompts_nor_answers_are_logged_unless_that_is_wanted()
    {
        await using RunningServer silent = await RunningServer.StartAsync();
        await using RunningServer open = await RunningServer.StartAsync(options => options with { LogContent = true });
        foreach (RunningServer server in new[] { silent, open })
        {
            await (await server.PostAsync("/api/answer?question=what+color+is+the+background%3F", new { image = Samples.Base64(1) }))
                .JsonAsync();
            await server.Client.GetAsync("/secret-path");
            await server.PostAsync("/api/caption", new { image = "c2VjcmV0", secret = "secret-field" });
        }

        Assert.Contains(open.Log.Lines, line => line.Contains("what color is the background? -> orange"));
        Assert.DoesNotContain(silent.Log.Lines, line => line.Contains("color") || line.Contains("orange") || line.Contains("secret"));
        Assert.Contains(silent.Log.Lines, line => line.Contains("POST /api/answer 200 in "));
    }

    private static async Task<string> AskAsync(RunningServer server, string id)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/healthz");
        request.Headers.TryAddWithoutValidation("X-Request-Id", id);
        using SocketsHttpHandler handler = new() { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 };
        using HttpClient client = new(handler) { BaseAddress = server.Address };
        return Assert.Single((await client.SendAsync(request)).Headers.GetValues("X-Request-Id"));
    }
}
