using PaliGguf.Cli.Tests.Processes;

namespace PaliGguf.Cli.Tests;

/// <summary>A command line that is not understood is one line with a hint and exit code 2.</summary>
public sealed class UsageTests
{
    [Fact]
    public void Commands_are_found_by_the_names_that_they_have() => Assert.Equal(
        CommandLine.NamedCommands.Select(command => command.Name), CommandLine.Create().Subcommands.Select(command => command.Name));

    [Theory]
    [InlineData("unknown option --fast", "caption", "picture.png", "--fast")]
    [InlineData("unknown option --fast", "ask", "picture.png", "--fast")]
    [InlineData("Required argument missing", "caption")]
    [InlineData("Required argument missing", "ask", "picture.png")]
    [InlineData("--prompt", "generate", "--image", "picture.png")]
    [InlineData("--prompt", "choose", "picture.png", "yes", "no")]
    [InlineData("Required argument missing", "choose", "picture.png", "--prompt", "answer en is it?")]
    [InlineData("--prompt", "video", "film.mp4")]
    [InlineData("--frames", "video", "film.mp4", "--prompt", "caption en", "--frames", "some")]
    [InlineData("Required argument missing", "detect", "picture.png")]
    [InlineData("--min-score", "detect", "picture.png", "cat", "--min-score", "high")]
    [InlineData("--out", "convert", "checkpoint")]
    [InlineData("'q4'", "convert", "checkpoint", "--out", "folder", "--type", "q4")]
    [InlineData("'q4_0' is no type; expected one of f32, f16, q8_0", "convert", "checkpoint", "--out", "folder", "--mask-type", "q4_0")]
    [InlineData("--threads", "caption", "picture.png", "--threads", "many")]
    [InlineData("the option --max-tokens is '3.0'; expected a whole number", "caption", "picture.png", "--max-tokens", "3.0")]
    [InlineData("the option --top-p is 'x'; expected a number", "caption", "picture.png", "--top-p", "x")]
    [InlineData("the option --frames is '99999999999'; expected a whole number", "video", "film.mp4", "--prompt", "x", "--frames",
        "99999999999")]
    [InlineData("unknown command 'dance'", "dance")]
    [InlineData("unknown command 'capton' (did you mean 'caption'?)", "capton", "picture.png")]
    [InlineData("unknown option --langage (did you mean '--lang'?)", "caption", "picture.png", "--langage", "th")]
    [InlineData("unknown option --thread (did you mean '--threads'?)", "caption", "picture.png", "--thread=2")]
    [InlineData("unknown argument 'second.png'; 'each' answers about several pictures", "caption", "first.png", "second.png")]
    public async Task What_is_wrong_and_where_help_is(string expected, params string[] arguments)
    {
        string line = (await BuiltProgram.RunAsync(arguments)).OneLineError(exitCode: 2);
        Assert.Contains(expected, line);
        Assert.EndsWith(" --help'.", line);
    }

    [Theory]
    [InlineData("MinScore is '1.5'; expected a number from 0 to 1", "detect", "picture.png", "cat", "--min-score", "1.5")]
    [InlineData("MinScore is 'NaN'; expected a number from 0 to 1", "detect", "picture.png", "cat", "--min-score", "NaN")]
    [InlineData("Nms is '-0.1'; expected a number from 0 to 1", "segment", "picture.png", "cat", "--nms", "-0.1")]
    [InlineData("the ending names no format; expected .png, .jpg", "detect", "picture.png", "cat", "--out", "found.txt")]
    [InlineData("the ending names no format; expected .png, .jpg", "segment", "picture.png", "cat", "--out", "found")]
    [InlineData("the question is empty", "ask", "picture.png", " ")]
    [InlineData("no label is given", "detect", "picture.png", " ; ")]
    [InlineData("no label is given", "detect", "picture.png", "[]")]
    [InlineData("Beams is '500'; expected 1 to 256", "caption", "picture.png", "--beams", "500")]
    [InlineData("Beams is '0'; expected 1 to 256", "caption", "picture.png", "--beams", "0")]
    [InlineData("--frames is 0; expected 1 to 256", "video", "film.mp4", "--prompt", "caption en", "--frames", "0")]
    public async Task A_value_that_makes_no_sense(string expected, params string[] arguments) =>
        Assert.Contains(expected, (await BuiltProgram.RunAsync(arguments)).OneLineError(exitCode: 2));

    [Fact]
    public async Task Help_lists_the_commands_and_where_settings_come_from()
    {
        string help = (await BuiltProgram.RunAsync("--help")).Succeeded().Output;
        Assert.Equal(help, (await BuiltProgram.RunAsync()).Succeeded().Output);
        string[] commands =
        [
            "caption", "describe", "ocr", "ask", "generate", "detect", "segment", "choose", "video", "chat",
            "mcp", "convert", "imatrix", "compare", "inspect", "doctor", "bench",
        ];
        Assert.All(commands, command => Assert.Matches($@"\n  {command} ", help));

        Assert.Contains("PALIGGUF_GPU_LAYERS", help);
        Assert.Contains("appsettings.json", help);
    }

    [Fact]
    public async Task After_two_hyphens_everything_is_an_argument()
    {
        ProgramResult result = await BuiltProgram.RunAsync("caption", "--", "--picture.png");
        Assert.Contains("--picture.png: there is no such file", result.OneLineError());
    }
}
