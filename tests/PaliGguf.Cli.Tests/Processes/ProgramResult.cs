using System.Text.Json;

namespace PaliGguf.Cli.Tests.Processes;

/// <summary>What a run of the program left: its exit code and all that it printed.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    /// <summary>The one JSON object that was printed.</summary>
    public JsonElement Json()
    {
        Assert.EndsWith("}\n", Output);
        return JsonDocument.Parse(Output).RootElement;
    }

    public ProgramResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
        return this;
    }

    /// <summary>Asserts that the command failed with nothing but one line on standard error.</summary>
    /// <returns>The line.</returns>
    public string OneLineError(int exitCode = 1)
    {
        Assert.Equal("", Output);
        string line = Assert.Single(Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("paligguf: ", line);
        Assert.Equal(exitCode, ExitCode);
        return line;
    }
}
