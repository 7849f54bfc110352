using System.Text;
using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class ChatCommandTests
{
    [Fact]
    public async Task Prompts_from_a_pipe_are_answered_a_line_each()
    {
        ProgramResult result = (await ChatAsync("caption en\nanswer en what color is the background?\n")).Succeeded();
        Assert.Equal("a turtle on an orange background\norange\n", result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task An_empty_line_ends_it() => Assert.Equal("a turtle\n", (await ChatAsync("cap en\n\ncap en\n")).Succeeded().Output);

    [Fact]
    public async Task Help_is_no_prompt()
    {
        ProgramResult result = (await ChatAsync("/help\ncap en\n")).Succeeded();
        Assert.Equal("a turtle\n", result.Output);
        Assert.Contains("(448 x 448). A prompt a line", result.Error);
    }

    [Fact]
    public async Task A_prompt_that_fails_does_not_end_it()
    {
        ProgramResult result = await ChatAsync($"{string.Concat(Enumerable.Repeat("word ", 3000))}\ncap en\n");
        Assert.Equal("a turtle\n", result.Output);
        Assert.StartsWith("paligguf: The prefix has", result.Error);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task Json_is_one_object_a_line()
    {
        ProgramResult result = (await ChatAsync("cap en\ncaption th\n", "--json")).Succeeded();
        string[] texts = result.Output.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!).ToArray();
        Assert.Equal(["a turtle", "เต่าหนึ่งตัว บนพื้นหลังสีส้ม"], texts);
    }

    private static Task<ProgramResult> ChatAsync(string input, params string[] options) =>
        BuiltProgram.RunAsync(new ProgramRun(["chat", BuiltProgram.Sample, .. options]) { Input = Encoding.UTF8.GetBytes(input) });
}
