using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class EachCommandTests
{
    private static readonly string Samples = Path.Combine(Repository.PaliNano, "samples");

    [Fact]
    public async Task A_folder_gives_a_line_for_each_picture_in_order_as_alone()
    {
        string[] lines = (await BuiltProgram.RunAsync("each", Samples)).Succeeded().Output.TrimEnd('\n').Split('\n');
        Assert.Equal(Directory.EnumerateFiles(Samples, "*.png").Order(StringComparer.Ordinal), lines.Select(line => line.Split('\t')[0]));
        Assert.Equal("a turtle on an orange background", lines.Single(line => line.Contains("scene_01", StringComparison.Ordinal)).Split('\t')[1]);
    }

    [Fact]
    public async Task A_picture_that_can_not_be_read_is_told_and_the_others_are_answered()
    {
        using TemporaryFolder folder = new();
        string broken = folder.File("broken.png");
        await File.WriteAllTextAsync(broken, "no picture");
        ProgramResult result = await BuiltProgram.RunAsync("each", broken, BuiltProgram.Sample, "--json", "--prompt", "answer en is there a turtle?");
        Assert.Equal(1, result.ExitCode);
        JsonElement[] lines = [.. result.Output.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal([broken, BuiltProgram.Sample], lines.Select(line => line.GetProperty("file").GetString()));
        Assert.Contains("broken.png", lines[0].GetProperty("error").GetString());
        Assert.Equal("yes", lines[1].GetProperty("answer").GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("257")]
    public async Task A_number_of_sequences_out_of_range_is_an_error(string sequences)
    {
        ProgramResult result = await BuiltProgram.RunAsync("each", BuiltProgram.Sample, "--sequences", sequences);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{sequences} sequences are out of range", result.Error);
    }
}
