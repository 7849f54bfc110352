using System.Globalization;
using System.Text.RegularExpressions;
using PaliGguf.Packages.Tests;
using PaliGguf.Tests;

namespace PaliGguf.Native.Tests;

/// <summary>Programs in C that use the library as a game would.</summary>
[Collection(LibraryCollection.Name)]
public sealed partial class HostTests(PublishedLibrary library)
{
    // As the README shows them; a box as the console prints it, of which processors differ by a place: attention is rounded otherwise.
    private const string Answers = """
        caption: a turtle on an orange background
        thai: เต่าหนึ่งตัว บนพื้นหลังสีส้ม
        describe: an orange background with a turtle at the top
        ocr: 
        ask: yes
        prompt: a turtle on an orange background
        detect: <loc0106><loc0335><loc032[12]><loc0598> turtle

        turtle 147 46 26[12] 141
        """;

    [HostFact]
    public async Task AnswersOfAllTasksAreThoseOfTheModel()
    {
        string output = await library.RunAsync("answers", 0, Repository.PaliNano, library.Picture);

        Assert.Matches(Answers.ReplaceLineEndings("\n"), output);
        Assert.Matches("turtle 14[78] 4[67] 26[12] 141 mask 14[78] 4[67] 11[3-5] 9[45] [67][0-9]{3}\n", output);
        string[] drawn = [.. output.Split('\n').Where(line => line.StartsWith("drawn: ", StringComparison.Ordinal))];
        Assert.Equal(2, drawn.Length);
        Assert.Equal(drawn[0], drawn[1]);
    }

    [HostFact]
    public async Task WrongCallsGiveAStatus() =>
        Assert.Equal("refused\n", await library.RunAsync("hostile", 0, Repository.PaliNano, library.Picture));

    [HostTheory]
    [InlineData("unload", 0)]
    [InlineData("several", 0)]
    [InlineData("pipes", 0)]
    [InlineData("forks", 0)]
    [InlineData("fault", 5)]
    [InlineData("exit-loading", 3)]
    [InlineData("exit-answering", 3)]
    [InlineData("dlclose", 0)]
    public async Task TheProcessIsLeftAsItWas(string what, int status) =>
        await library.RunAsync("lives", status, Repository.PaliNano, library.Picture, PublishedLibrary.File, what);

    [HostFact]
    public async Task TenThousandRequestsOfFourThreadsLeaveTheMemoryFlat()
    {
        string output = await library.RunAsync("cycles", 0, Repository.PaliNano, library.Picture, "10000");

        Match figures = Figures().Match(output);
        Assert.True(figures.Success, output);
        long answered = Number(figures.Groups["answered"]), half = Number(figures.Groups["half"]), end = Number(figures.Groups["end"]);
        Assert.True(answered > 100, output);
        // The collector's heap breathes; a leak of a picture's 600 KB, or of 2 KB each, would be more.
        Assert.InRange(end, 0, half + 8192);
    }

    [HostFact]
    public async Task ALoopOfFramesGoesOnWhileTheModelAnswers()
    {
        string output = await library.RunAsync("frames", 0, Repository.PaliNano, library.Picture, "1", "2", "0", "2", "0");

        // How many frames are missed is a matter of the machine: docs/c-library.md has figures.
        Assert.Matches("while it loads: [0-9]+ frames, .*\nwhile it answers: [1-9][0-9]* frames, .*\n[1-9][0-9]* answers, ", output);
    }

    [HostFact("python3")]
    public async Task PythonAsksThroughCtypes()
    {
        string script = Path.Combine(Repository.Root, "tests", "PaliGguf.Native.Tests", "Hosts", "ask.py");

        string output = await DotnetCommand.SucceedAsync(Repository.Root, "python3", script, PublishedLibrary.File, Repository.PaliNano,
            library.Picture);

        Assert.Matches(
            "^a turtle on an orange background\n<loc0106><loc0335><loc032[12]><loc0598> turtle\n147 46 26[12] 141\nPALI_ERROR_HANDLE\n$",
            output.ReplaceLineEndings("\n"));
    }

    [HostFact]
    public async Task TheExampleOfThePageAnswers()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "c-library.md"));
        string program = await library.CompileAsync("example", Example().Match(page.ReplaceLineEndings("\n")).Groups["code"].Value);

        // A black picture: whatever it says, it says something.
        Assert.NotEmpty((await DotnetCommand.SucceedAsync(Repository.Root, program, Repository.PaliNano)).Trim());
        (int status, string output) = await DotnetCommand.TryAsync(Repository.Root, program, ["nowhere.gguf"]);
        Assert.Equal(1, status);
        Assert.Contains("nowhere.gguf: no such model file.", output, StringComparison.Ordinal);
    }

    [HostFact("valgrind")]
    public async Task ValgrindFindsNoErrorAndNoLeak()
    {
        string program = await library.CompileAsync("answers");
        string suppressions = Path.Combine(Repository.Root, "tests", "PaliGguf.Native.Tests", "Hosts", "runtime.supp");

        await DotnetCommand.SucceedAsync(
            Repository.Root, "valgrind", "--quiet", "--error-exitcode=9", "--leak-check=full", "--num-callers=24",
                "--errors-for-leak-kinds=definite", "--show-leak-kinds=definite",
            $"--suppressions={suppressions}", program, Repository.PaliNano, library.Picture, "short");
    }

    [GeneratedRegex("answered (?<answered>[0-9]+), KiB after half (?<half>[0-9]+), in the end (?<end>[0-9]+)",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Figures();

    [GeneratedRegex("^```c\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Example();

    private static long Number(Group group) => long.Parse(group.Value, CultureInfo.InvariantCulture);
}
