using System.Diagnostics;
using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Mcp;

/// <summary>How the server begins and ends, and what is on its standard output.</summary>
public sealed class ToolServerTests
{
    private static readonly string[] Opening =
    [
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""",
        """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
    ];

    [Fact]
    public async Task A_closed_input_ends_it()
    {
        ProgramResult result = (await BuiltProgram.RunAsync("mcp")).Succeeded();
        Assert.Equal(("", ""), (result.Output, result.Error));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_a_usage_error() =>
        Assert.Contains("--allow nowhere: there is no such folder", (await BuiltProgram.RunAsync("mcp", "--allow", "nowhere")).OneLineError(exitCode: 2));

    [Fact]
    public async Task A_whole_disk_is_not_allowed_by_default() =>
        Assert.Contains("which is everything: name the folders", (await BuiltProgram.RunAsync(new ProgramRun("mcp") { WorkingFolder = Path.GetPathRoot(Environment.CurrentDirectory) })).OneLineError(exitCode: 2));

    [Fact]
    public async Task A_wrong_setting_is_told_at_the_start() =>
        Assert.Contains("the setting Tower is 'moon'", (await BuiltProgram.RunAsync("mcp", "--tower", "moon")).OneLineError(exitCode: 2));

    [Fact]
    public async Task A_model_that_is_not_there_yet_is_loaded_by_a_later_call()
    {
        using TemporaryFolder folder = new();
        await using ToolClient client = await ToolClient.StartAsync("--model", folder.Path);
        Assert.Contains(folder.Path, await client.ErrorAsync("caption_image", ("path", "scene_01.png")));
        foreach (string file in Directory.GetFiles(Repository.PaliNano, "*.gguf")) File.Copy(file, folder.File(Path.GetFileName(file)));
        Assert.Equal("a turtle on an orange background", await client.TextAsync("caption_image", ("path", "scene_01.png")));
    }

    [Fact]
    public async Task A_model_without_a_mask_decoder_outlines_nothing()
    {
        string model = Path.GetDirectoryName((await ConvertedModels.Golden("tiny-g2", Conversion.ModelFileType.F32)).TextPath)!;
        await using ToolClient client = await ToolClient.StartAsync("--model", model);
        Assert.Contains("has no mask decoder", await client.ErrorAsync("segment_objects", ("path", "scene_01.png"), ("objects", new[] { "turtle" })));
    }

    /// <summary>One request is decoded at a time, so that what comes second can only be answered when the first has ended.</summary>
    [Fact]
    public async Task A_cancelled_call_ends_and_standard_output_has_the_protocol_alone()
    {
        using Process process = BuiltProgram.Start(
            new ProgramRun("mcp", "--verbose", "--ignore-eos", "--max-tokens", "7000", "--context", "8192") { WorkingFolder = Path.GetDirectoryName(BuiltProgram.Sample) });
        Task<string> error = process.StandardError.ReadToEndAsync();
        foreach (string message in Opening) await SendAsync(process, message);
        await SendAsync(process, """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"caption_image","arguments":{"path":"scene_01.png"},"_meta":{"progressToken":"first"}}}""");
        await ReadAsync(process, message => message.TryGetProperty("params", out JsonElement told) && told.GetProperty("progress").GetDouble() >= 1);

        await SendAsync(process, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}""");
        await SendAsync(process, """{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"detect_objects","arguments":{"path":"scene_01.png","objects":["turtle"]}}}""");
        JsonElement answered = await ReadAsync(process, message => message.TryGetProperty("id", out JsonElement id) && id.GetInt32() is 2 or 3 && message.TryGetProperty("result", out _));
        Assert.Equal(3, answered.GetProperty("id").GetInt32());
        Assert.Equal("turtle", answered.GetProperty("result").GetProperty("structuredContent").GetProperty("detections")[0].GetProperty("label").GetString());

        process.StandardInput.Close();
        string rest = await process.StandardOutput.ReadToEndAsync();
        foreach (string line in rest.Split('\n', StringSplitOptions.RemoveEmptyEntries)) Parse(line);
        ProgramResult result = await BuiltProgram.EndAsync(process, Task.FromResult(rest), error);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("info: ", result.Error);
    }

    [Fact]
    public async Task A_client_s_mistakes_are_told_to_the_client_and_leave_no_trace()
    {
        using Process process = BuiltProgram.Start(new ProgramRun("mcp") { WorkingFolder = Path.GetDirectoryName(BuiltProgram.Sample) });
        Task<string> error = process.StandardError.ReadToEndAsync();
        foreach (string message in Opening) await SendAsync(process, message);
        await SendAsync(process, """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"no_such_tool","arguments":{}}}""");
        JsonElement tool = await ReadAsync(process, message => message.TryGetProperty("error", out _));
        await SendAsync(process, """{"jsonrpc":"2.0","id":3,"method":"no/such/method","params":{}}""");
        JsonElement method = await ReadAsync(process, message => message.TryGetProperty("error", out _));
        process.StandardInput.Close();

        Assert.Equal("Unknown tool: 'no_such_tool'", tool.GetProperty("error").GetProperty("message").GetString());
        Assert.Contains("no/such/method", method.GetProperty("error").GetProperty("message").GetString());
        ProgramResult result = await BuiltProgram.EndAsync(process, process.StandardOutput.ReadToEndAsync(), error);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    private static Task SendAsync(Process process, string message) => process.StandardInput.WriteLineAsync(message);

    private static async Task<JsonElement> ReadAsync(Process process, Predicate<JsonElement> wanted)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            JsonElement message = Parse(line);
            if (wanted(message)) return message;
        }

        throw new EndOfStreamException("The server ended before it sent what was waited for.");
    }

    private static JsonElement Parse(string line)
    {
        JsonElement message = JsonDocument.Parse(line).RootElement;
        Assert.Equal("2.0", message.GetProperty("jsonrpc").GetString());
        return message;
    }
}
