using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Mcp;

/// <summary>The built program as a server, with the protocol's own client before it.</summary>
internal sealed class ToolClient : IAsyncDisposable
{
    private readonly McpClient _client;

    private ToolClient(McpClient client) => _client = client;

    /// <summary>A server of pali-nano.</summary>
    /// <param name="arguments">What follows "mcp" on its command line.</param>
    public static async Task<ToolClient> StartAsync(params string[] arguments)
    {
        StdioClientTransport transport = new(new StdioClientTransportOptions
        {
            Command = BuiltProgram.File,
            Arguments = ["mcp", .. arguments],
            WorkingDirectory = Path.Combine(Repository.PaliNano, "samples"),
            EnvironmentVariables = Environment.GetEnvironmentVariables().Keys.Cast<string>()
                .Where(name => name.StartsWith("PALIGGUF_", StringComparison.OrdinalIgnoreCase))
                .Select(name => KeyValuePair.Create(name, (string?)null))
                .Append(KeyValuePair.Create("PALIGGUF_THREADS", (string?)"1"))
                .ToDictionary(StringComparer.Ordinal),
        });
        // However busy the machine is.
        McpClientOptions options = new() { DiscoverProbeTimeout = Timeout.InfiniteTimeSpan, InitializationTimeout = TimeSpan.FromMinutes(2) };
        return new ToolClient(await McpClient.CreateAsync(transport, options));
    }

    public Implementation Server => _client.ServerInfo!;

    public async Task<IReadOnlyDictionary<string, Tool>> ListAsync() => (await _client.ListToolsAsync()).ToDictionary(tool => tool.Name, tool => tool.ProtocolTool, StringComparer.Ordinal);

    public ValueTask<CallToolResult> CallAsync(string tool, params (string Name, object? Value)[] arguments) => CallAsync(tool, null, CancellationToken.None, arguments);

    public ValueTask<CallToolResult> CallAsync(
        string tool, IProgress<ProgressNotificationValue>? progress, CancellationToken cancellationToken, params (string Name, object? Value)[] arguments) =>
        _client.CallToolAsync(tool, arguments.ToDictionary(argument => argument.Name, argument => argument.Value), progress, cancellationToken: cancellationToken);

    /// <summary>The text of a call that succeeds.</summary>
    public async Task<string> TextAsync(string tool, params (string Name, object? Value)[] arguments) => Text(await CallAsync(tool, arguments));

    /// <summary>The message of a call that fails.</summary>
    public async Task<string> ErrorAsync(string tool, params (string Name, object? Value)[] arguments)
    {
        CallToolResult result = await CallAsync(tool, arguments);
        Assert.True(result.IsError);
        Assert.Null(result.StructuredContent);
        return Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
    }

    public static string Text(CallToolResult result)
    {
        string text = Assert.IsType<TextContentBlock>(result.Content[0]).Text;
        Assert.False(result.IsError ?? false, text);
        return text;
    }

    /// <summary>The structured content of a call that succeeds.</summary>
    public static JsonElement Structured(CallToolResult result)
    {
        _ = Text(result);
        return Assert.IsType<JsonElement>(result.StructuredContent);
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
