using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class ServeCommandTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_tells_where_it_listens_answers_and_ends_when_told_to(bool json)
    {
        if (OperatingSystem.IsWindows()) return;
        string[] arguments = ["serve", "--urls", "http://127.0.0.1:0", "--sequences", "2"];
        using Process process = BuiltProgram.Start(new ProgramRun(json ? [.. arguments, "--json"] : arguments));
        Task<string> error = process.StandardError.ReadToEndAsync();
        string line = await process.StandardOutput.ReadLineAsync() ?? "";
        string url = json ? JsonDocument.Parse(line).RootElement.GetProperty("urls")[0].GetString()! : line["Listening at ".Length..];
        using HttpClient client = new() { BaseAddress = new Uri(url) };
        while (!(await client.GetAsync("/readyz")).IsSuccessStatusCode) await Task.Delay(20);
        using ByteArrayContent picture = new(await File.ReadAllBytesAsync(BuiltProgram.Sample)) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        string answer = await (await client.PostAsync("/api/caption", picture)).Content.ReadAsStringAsync();
        Assert.Equal("a turtle on an orange background", JsonDocument.Parse(answer).RootElement.GetProperty("text").GetString());

        using (Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
        ProgramResult result = await BuiltProgram.EndAsync(process, process.StandardOutput.ReadToEndAsync(), error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains("POST /api/caption 200", result.Error);
    }

    [Fact]
    public async Task An_address_that_others_reach_needs_a_key() =>
        Assert.Contains("PALIGGUF_API_KEY", (await BuiltProgram.RunAsync("serve", "--urls", "http://*:0")).OneLineError());

    [Fact]
    public async Task A_setting_of_another_kind_is_named() =>
        Assert.Contains("Deadline is 'soon'", (await BuiltProgram.RunAsync("serve", "--deadline", "soon")).OneLineError(2));

    [Fact]
    public async Task Several_models_are_there_before_it_listens()
    {
        using TemporaryFolder folder = new();
        string[] arguments = ["serve", "--urls", "http://127.0.0.1:0", "--models", folder.Path];
        Assert.Contains("there is no pair of GGUF files", (await BuiltProgram.RunAsync(arguments)).OneLineError(2));
        foreach (string file in Directory.EnumerateFiles(Repository.PaliNano, "*.gguf")) File.Copy(file, folder.File(Path.GetFileName(file)));
        Assert.Contains("(did you mean 'pali-nano-Q8_0'?)", (await BuiltProgram.RunAsync([.. arguments, "--model", "pali-nano-Q4_0"])).OneLineError(2));
    }

    [Fact]
    public async Task A_model_that_is_damaged_ends_it_before_it_listens()
    {
        using TemporaryFolder folder = new();
        foreach (string file in Directory.EnumerateFiles(Repository.PaliNano, "*.gguf")) File.Copy(file, folder.File(Path.GetFileName(file)));
        using (FileStream file = File.OpenWrite(folder.File("pali-nano-Q8_0.gguf"))) file.SetLength(4096);
        Assert.Contains("truncated or damaged",
            (await BuiltProgram.RunAsync("serve", "--urls", "http://127.0.0.1:0", "--model", folder.Path)).OneLineError());
    }

    [Fact]
    public async Task A_model_that_is_not_there_ends_it()
    {
        // Before it says that it listens.
        Assert.Contains("paligguf: none.gguf",
            (await BuiltProgram.RunAsync("serve", "--urls", "http://127.0.0.1:0", "--model", "none.gguf")).OneLineError());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_line()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string url = $"http://{taken.LocalEndpoint}";
        Assert.Contains($"address already in use ({url}): name another address with --urls",
            (await BuiltProgram.RunAsync("serve", "--urls", url, "--threads", "1")).OneLineError());
    }
}
