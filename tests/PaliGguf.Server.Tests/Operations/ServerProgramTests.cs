using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;
using PaliGguf.Hosting.Settings;
using PaliGguf.Tests;

namespace PaliGguf.Server.Tests.Operations;

/// <summary>The server as a program of its own.</summary>
public sealed class ServerProgramTests
{
    [Fact]
    public async Task It_tells_where_it_listens_answers_exports_its_metrics_and_stops_when_told_to()
    {
        if (OperatingSystem.IsWindows()) return;
        using TcpListener collector = new(IPAddress.Loopback, 0);
        collector.Start();
        Task<string> exported = ReceiveAsync(collector, "gen_ai.server.request.duration");
        using TemporaryFolder empty = new();
        ProcessStartInfo start = new(
            Path.Combine(AppContext.BaseDirectory, "PaliGguf.Server"), ["--urls", "http://127.0.0.1:0", "--model", Repository.PaliNano, "--threads", "1", "--sequences", "2", "--log-json"])
        {
            WorkingDirectory = empty.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{((IPEndPoint)collector.LocalEndpoint).Port}",
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            },
        };
        using Process process = Process.Start(start)!;
        Task<string> log = process.StandardError.ReadToEndAsync();
        string line = await process.StandardOutput.ReadLineAsync() ?? "";
        Assert.StartsWith("Listening at http://127.0.0.1:", line);
        using HttpClient client = new() { BaseAddress = new Uri(line["Listening at ".Length..]) };
        await Eventually.TrueAsync(async () => (await client.GetAsync("/readyz")).IsSuccessStatusCode);
        Assert.Equal("a turtle on an orange background", (await (await client.PostAsync("/api/caption", Samples.Form(1))).JsonAsync()).GetProperty("text").GetString());

        using (Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        Assert.Equal(0, process.ExitCode);
        // What is left to send is sent at the end.
        Assert.Contains("gen_ai.server.request.duration", await exported.WaitAsync(limit.Token));
        Assert.Contains("\"Route\":\"/api/caption\"", await log);
    }

    [Fact]
    public void Its_options_are_settings()
    {
        Dictionary<string, string?> settings = ServerProgram.Parse(["--urls", "http://*:1", "--urls", "http://*:2", "--no-auth", "--gpu-layers", "-1"]);
        Assert.Equal("http://*:1;http://*:2", settings["PaliGguf:urls"]);
        Assert.Equal("True", settings["PaliGguf:noauth"]);
        Assert.Equal("-1", settings["PaliGguf:gpulayers"]);
        Assert.Contains("--speed", Assert.Throws<UsageException>(() => ServerProgram.Parse(["--speed"])).Message);
        Assert.Contains("lacks", Assert.Throws<UsageException>(() => ServerProgram.Parse(["--queue"])).Message);
    }

    [Fact]
    public void The_options_of_a_model_are_settings_of_it()
    {
        Dictionary<string, string?> settings = ServerProgram.Parse(["--no-repack", "--lora", "a.gguf", "--lora", "b.gguf:0.5", "--kv-type", "f32", "--no-mmap", "--products", "library", "--max-tokens", "9"]);
        ServerOptions options = new ServerSettings(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).ToOptions();
        Assert.False(options.ModelOptions.Repack);
        Assert.False(options.ModelOptions.MemoryMap);
        Assert.Equal(MatrixProducts.Library, options.ModelOptions.Products);
        Assert.Equal(GgmlType.F32, options.ModelOptions.CacheType);
        Assert.Equal([("a", 1f), ("b", 0.5f)], options.ModelOptions.Adapters.Select(adapter => (adapter.Name, adapter.Scale)));
        Assert.Equal(9, options.MaxTokens);
    }

    /// <summary>Takes in what is posted until it contains a text.</summary>
    private static async Task<string> ReceiveAsync(TcpListener collector, string wanted)
    {
        while (true)
        {
            using TcpClient client = await collector.AcceptTcpClientAsync();
            NetworkStream stream = client.GetStream();
            byte[] buffer = new byte[1 << 16];
            StringBuilder received = new();
            string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            while (await stream.ReadAsync(buffer) is > 0 and var read)
            {
                received.Append(Encoding.Latin1.GetString(buffer.AsSpan(0, read)));
                if (!received.ToString().Contains(wanted, StringComparison.Ordinal)) continue;
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
                return received.ToString();
            }
        }
    }
}
