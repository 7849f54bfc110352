using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;

namespace PaliGguf.Cli.Tests.Hosting;

/// <summary>Ctrl-C and SIGTERM end the program within a second with exit code 130, and keep what there is.</summary>
public sealed partial class InterruptTests
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private static readonly string[] LongAnswer =
        ["generate", "--image", BuiltProgram.Sample, "--prompt", "caption en", "--ignore-eos", "--max-tokens", "8000", "--context", "8192"];

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task A_streamed_answer_keeps_its_text(int signal)
    {
        if (!CanSend(signal)) return;
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
        if (!CanSend(Terminate)) return;
        using Process process = BuiltProgram.Start(new ProgramRun([.. LongAnswer, "--json"]));
        await Task.Delay(1000);
        JsonElement json = (await SignalAsync(process, Terminate)).Json();
        Assert.Equal("cancelled", json.GetProperty("finishReason").GetString());
        Assert.Equal(json.GetProperty("tokens").GetArrayLength(), json.GetProperty("logprobs").GetArrayLength());
    }

    [Fact]
    public async Task Waiting_for_a_prompt_a_picture_or_a_call_ends_too()
    {
        if (!CanSend(Interrupt)) return;
        foreach (string[] arguments in new string[][] { ["chat", BuiltProgram.Sample], ["caption", "-"], ["mcp"] })
        {
            using Process process = BuiltProgram.Start(new ProgramRun(arguments));
            await Task.Delay(1000);
            Assert.Equal("", (await SignalAsync(process, Interrupt)).Output);
        }
    }

    private static async Task<ProgramResult> SignalAsync(Process process, int signal)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(0, kill(process.Id, signal));
        ProgramResult result = await BuiltProgram.EndAsync(process, output, error);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 1);
        Assert.Equal(130, result.ExitCode);
        return result;
    }

    // A shell starts background jobs with SIGINT ignored, and what they start inherits that.
    private static bool CanSend(int signal)
    {
        if (OperatingSystem.IsWindows()) return false;
        if (!OperatingSystem.IsLinux()) return true;
        string ignored = File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim();
        return (Convert.ToUInt64(ignored, 16) & (1UL << (signal - 1))) == 0;
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
