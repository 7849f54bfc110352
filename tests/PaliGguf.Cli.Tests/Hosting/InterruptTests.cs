using System.Diagnostics;
using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;

namespace PaliGguf.Cli.Tests.Hosting;

/// <summary>Ctrl-C and SIGTERM end the program within a second with exit code 130, and keep what there is.</summary>
public sealed class InterruptTests
{
    private static readonly string[] LongAnswer =
        ["generate", "--image", BuiltProgram.Sample, "--prompt", "caption en", "--ignore-eos", "--max-tokens", "8000", "--context", "8192"];

    [Theory]
    [InlineData(Signal.Interrupt)]
    [InlineData(Signal.Terminate)]
    public async Task A_streamed_answer_keeps_its_text(int signal)
    {
        if (!Signal.CanSend(signal)) return;
        using Process process = BuiltProgram.Start(new ProgramRun(LongAnswer));
        char[] first = new char[1];
        Assert.Equal(1, await process.StandardOutput.ReadBlockAsync(first));
        ProgramResult result = await SignalAsync(process, signal);
        Assert.StartsWith((first[0] + result.Output).TrimEnd('\n'), "a turtle on an orange background");
        Assert.EndsWith("\n", result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task The_json_object_says_cancelled()
    {
        if (!Signal.CanSend(Signal.Terminate)) return;
        using Process process = BuiltProgram.Start(new ProgramRun([.. LongAnswer, "--json"]));
        await BuiltProgram.LoadedAsync(process);
        JsonElement json = (await SignalAsync(process, Signal.Terminate)).Json();
        Assert.Equal("cancelled", json.GetProperty("finishReason").GetString());
        Assert.Equal(json.GetProperty("tokens").GetArrayLength(), json.GetProperty("logprobs").GetArrayLength());
    }

    [Fact]
    public async Task Waiting_for_a_prompt_a_picture_or_a_call_ends_too()
    {
        if (!Signal.CanSend(Signal.Interrupt)) return;
        foreach (string[] arguments in new string[][] { ["chat", BuiltProgram.Sample], ["caption", "-"], ["mcp"] })
        {
            using Process process = BuiltProgram.Start(new ProgramRun(arguments));
            await BuiltProgram.LoadedAsync(process);
            Assert.Equal("", (await SignalAsync(process, Signal.Interrupt)).Output);
        }
    }

    private static async Task<ProgramResult> SignalAsync(Process process, int signal)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        long start = Stopwatch.GetTimestamp();
        Signal.Send(process, signal);
        ProgramResult result = await BuiltProgram.EndAsync(process, output, error);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 10);
        Assert.Equal(130, result.ExitCode);
        return result;
    }
}
