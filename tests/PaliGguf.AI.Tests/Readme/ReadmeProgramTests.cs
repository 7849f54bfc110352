using System.Diagnostics;
using PaliGguf.Tests;

namespace PaliGguf.AI.Tests.Readme;

/// <summary>The program in the README's section on the chat client is the one that is compiled here, and it runs.</summary>
public sealed class ReadmeProgramTests
{
    private const string Heading = "### As an `IChatClient`";
    private static readonly string Program = Path.Combine(Repository.Root, "tests", "PaliGguf.AI.Tests", "Readme", "ChatClientProgram.cs");

    [Fact]
    public async Task It_is_the_one_that_is_compiled_here()
    {
        string readme = Lines(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md")));
        string section = readme[readme.IndexOf(Heading, StringComparison.Ordinal)..];
        string block = section[(section.IndexOf("```csharp\n", StringComparison.Ordinal) + "```csharp\n".Length)..];
        Assert.Equal(Lines(await File.ReadAllTextAsync(Program)), block[..block.IndexOf("```", StringComparison.Ordinal)]);
    }

    [Fact]
    public async Task It_has_15_lines() => Assert.Equal(15, (await File.ReadAllLinesAsync(Program)).Length);

    [Fact]
    public async Task It_prints_the_caption()
    {
        ProcessStartInfo start = new("dotnet", ["exec", typeof(ReadmeProgramTests).Assembly.Location])
        {
            WorkingDirectory = Repository.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal("a turtle on an orange background", output.TrimEnd());
        Assert.Equal(0, process.ExitCode);
    }

    private static string Lines(string text) => text.ReplaceLineEndings("\n");
}
