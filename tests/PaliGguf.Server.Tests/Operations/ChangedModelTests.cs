using System.Net;
using System.Text.Json;
using PaliGguf.Tests;

namespace PaliGguf.Server.Tests.Operations;

public sealed class ChangedModelTests
{
    [Fact]
    public async Task A_model_whose_file_was_changed_is_not_ready_and_the_log_names_the_file()
    {
        using TemporaryFolder folder = new();
        foreach (string file in Directory.EnumerateFiles(Repository.PaliNano, "*.gguf")) File.Copy(file, folder.File(Path.GetFileName(file)));
        await using RunningServer server = await RunningServer.StartAsync(options => options with { Model = folder.Path });
        string text = Directory.GetFiles(folder.Path).Single(file => !Path.GetFileName(file).StartsWith("mmproj", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(text, new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc));

        JsonElement problem = await (await server.PostAsync("/api/caption", new { image = Samples.Base64(1) })).ProblemAsync(503, "model_changed");
        Assert.DoesNotContain(folder.Path, problem.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(server.Log.Lines, line => line.Contains(text, StringComparison.Ordinal) && line.Contains("2030-01-02", StringComparison.Ordinal)
            && line.Contains(problem.GetProperty("requestId").GetString()!, StringComparison.Ordinal));
        using HttpResponseMessage ready = await server.Client.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("changed", JsonDocument.Parse(await ready.Content.ReadAsStringAsync()).RootElement.GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/healthz")).StatusCode);
    }
}
