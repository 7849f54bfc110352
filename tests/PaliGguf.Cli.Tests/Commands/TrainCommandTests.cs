using PaliGguf.Cli.Tests.Processes;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class TrainCommandTests
{
    [Fact]
    public async Task A_trainer_that_is_not_there_is_an_error_that_says_how_to_get_it()
    {
        string line = (await RunAsync("/nowhere/trainer", "train", "data.jsonl", "--out", "run")).OneLineError();
        Assert.Contains("/nowhere/trainer is not there", line, StringComparison.Ordinal);
        Assert.Contains("dotnet build src/PaliGguf.Training", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_arguments_output_and_exit_code_are_the_trainers()
    {
        if (OperatingSystem.IsWindows()) return;
        ProgramResult echo = (await RunAsync("/bin/echo", "train", "data.jsonl", "--out", "a run", "--help")).Succeeded();
        Assert.Equal("data.jsonl --out a run --help\n", echo.Output);
        Assert.Equal(1, (await RunAsync("/bin/false", "train")).ExitCode);
    }

    [Fact]
    public async Task Without_a_model_the_embedded_one_is_trained()
    {
        if (OperatingSystem.IsWindows()) return;
        ProgramResult environment = (await RunAsync("/usr/bin/env", "train")).Succeeded();
        Assert.Contains($"PALIGGUF_MODEL={Path.Combine(BuiltProgram.Folder, "models", "pali-nano")}\n", environment.Output, StringComparison.Ordinal);
    }

    private static Task<ProgramResult> RunAsync(string trainer, params string[] arguments) =>
        BuiltProgram.RunAsync(new ProgramRun(arguments) { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PALIGGUF_TRAINER"] = trainer } });
}
