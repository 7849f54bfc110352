using System.Diagnostics;
using PaliGguf.Tests;

namespace PaliGguf.LLamaSharp.Tests;

/// <summary>The sample runs, and docs/llamasharp.md shows what it prints.</summary>
public sealed class SampleTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_prints_what_the_documentation_shows(bool paliGgufLoadsTheLibrariesFirst)
    {
        ProcessStartInfo start = new("dotnet", ["exec", typeof(SampleTests).Assembly.Location])
        {
            WorkingDirectory = Repository.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        if (paliGgufLoadsTheLibrariesFirst) start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(SampleTests).Assembly.Location;
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        string[] lines = output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.Equal(5, lines.Length);
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "llamasharp.md"));
        Assert.Contains(lines[2], page, StringComparison.Ordinal);
        Assert.Contains(lines[3], page, StringComparison.Ordinal);

        // What is made up without seeing anything may differ from processor to processor, but not with the picture.
        Assert.Equal(Answer(lines[0]), Answer(lines[1]));
        Assert.Equal("an orange background with a turtle at the top", Answer(lines[2]));
    }

    private static string Answer(string line) => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..];
}
