using System.Diagnostics;
using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class PlanCommandTests
{
    [Fact]
    public async Task A_published_size_is_planned_in_every_type()
    {
        string output = (await BuiltProgram.RunAsync("plan", "--size", "3b", "--resolution", "448", "--vram", "4GiB", "--ram", "8GiB")).Succeeded().Output;

        Assert.Contains("3b-448: a prefix of", output, StringComparison.Ordinal);
        foreach (string type in new[] { "F16", "Q8_0", "Q4_K_M", "Q2_K" }) Assert.Contains($" {type} ", output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n'), line => line.TrimStart().StartsWith('*'));
        Assert.Contains("of 4.00 GiB", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
    }

    [Fact]
    public async Task Json_has_the_parts_of_each_plan()
    {
        JsonElement plans = (await BuiltProgram.RunAsync("plan", "--size", "3b", "--ram", "3GiB", "--json", "--no-mmap")).Succeeded().Json();

        JsonElement best = plans.GetProperty("plans").EnumerateArray().Single(plan => plan.GetProperty("recommended").GetBoolean());
        Assert.Equal("fits", best.GetProperty("fit").GetString());
        JsonElement ram = best.GetProperty("ram");
        Assert.InRange(ram.GetProperty("bytes").GetInt64(), 1L << 30, 3L << 30);
        Assert.Contains(ram.GetProperty("parts").EnumerateArray(), part => part.GetProperty("part").GetString() == "decoderCompute");
        Assert.Contains(plans.GetProperty("plans").EnumerateArray(), plan => plan.GetProperty("fit").GetString() == "exceeds");
    }

    [Fact]
    public async Task The_model_of_the_settings_is_planned_from_its_headers()
    {
        JsonElement plan = (await BuiltProgram.RunAsync("plan", "--ram", "1GiB", "--json")).Succeeded().Json();

        Assert.Equal("cpu", plan.GetProperty("plans")[0].GetProperty("tower").GetString());
    }

    [Theory]
    [InlineData("--size", "4b")]
    [InlineData("--ram", "lots")]
    [InlineData("--kv-type", "q4_0")]
    [InlineData("--tower", "cellar")]
    public async Task What_makes_no_sense_is_refused(string option, string value) =>
        Assert.Equal(ExitCode.Usage, (await BuiltProgram.RunAsync("plan", option, value)).ExitCode);

    [Fact]
    public async Task Commands_run_within_limits()
    {
        ProgramResult answer = await BuiltProgram.RunAsync("caption", BuiltProgram.Sample, "--ram", "1GiB", "--vram", "4GiB");

        Assert.Equal("a turtle on an orange background", answer.Succeeded().Output.Trim());
    }

    [Fact]
    public async Task Limits_that_are_too_low_are_an_error_of_one_line()
    {
        ProgramResult failed = await BuiltProgram.RunAsync("caption", BuiltProgram.Sample, "--ram", "5MiB");

        Assert.Equal(ExitCode.Failure, failed.ExitCode);
        Assert.Contains("more than main memory's limit of 5 MiB", failed.Error, StringComparison.Ordinal);
        Assert.Single(failed.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_system_without_memory_is_an_error_and_no_crash()
    {
        if (!OperatingSystem.IsLinux()) return;
        // A prefix of 7000 tokens and plain attention take 1.2 GiB; the process alone has less than 1 GiB of addresses.
        string prompt = string.Concat(Enumerable.Repeat("a ", 3500));
        string[] program = [Path.Combine(BuiltProgram.Folder, "paligguf"), "generate", "--image", BuiltProgram.Sample, "--prompt", prompt, "--kv-type", "f32", "--threads", "1"];
        ProcessStartInfo start = new("/bin/sh", ["-c", "ulimit -v 1600000; exec \"$@\"", "sh", .. program])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x8000000";
        start.Environment["MALLOC_ARENA_MAX"] = "1";
        using Process process = Process.Start(start)!;
        ProgramResult failed = await BuiltProgram.EndAsync(process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

        Assert.Equal(ExitCode.Failure, failed.ExitCode);
        Assert.Contains("decoder computation 1.", failed.Error, StringComparison.Ordinal);
        Assert.Single(failed.Error.Trim().Split('\n'));
    }
}
