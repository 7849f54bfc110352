using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Imaging;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class ChooseCommandTests
{
    [Theory]
    [InlineData("turtle", "yes")]
    [InlineData("guitar", "no")]
    public async Task The_true_answer_is_the_more_probable_one(string thing, string expected)
    {
        JsonElement json = (await ChooseAsync(thing, "--json")).Json();
        Assert.Equal(["choices"], json.EnumerateObject().Select(property => property.Name));
        JsonElement[] choices = [.. json.GetProperty("choices").EnumerateArray()];
        Assert.All(choices, choice => Assert.Equal(["text", "logLikelihood", "probability"], choice.EnumerateObject().Select(property => property.Name)));
        Assert.Equal(["no", "yes"], choices.Select(choice => choice.GetProperty("text").GetString()));
        Assert.All(choices, choice => Assert.InRange(choice.GetProperty("logLikelihood").GetDouble(), -100, 0));
        Assert.Equal(1, choices.Sum(choice => choice.GetProperty("probability").GetDouble()), 1e-9);
        Assert.Equal(expected, choices.MaxBy(choice => choice.GetProperty("logLikelihood").GetDouble()).GetProperty("text").GetString());
        Assert.Equal(expected, choices.MaxBy(choice => choice.GetProperty("probability").GetDouble()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Lines_tell_probabilities_and_mark_the_best() =>
        Assert.Matches(@"^  0\.\d{3}  no\n\* [01]\.\d{3}  yes\n$", (await ChooseAsync("turtle")).Output);

    [Fact]
    public async Task The_best_answer_is_drawn_on_the_picture()
    {
        using TemporaryFolder folder = new();
        await ChooseAsync("turtle", "--out", folder.File("answer.png"));
        RgbImage picture = ImageFile.Load(BuiltProgram.Sample), drawn = ImageFile.Load(folder.File("answer.png"));
        Assert.Equal((picture.Width, picture.Height), (drawn.Width, drawn.Height));
        Assert.False(picture.Pixels.SequenceEqual(drawn.Pixels));
    }

    private static async Task<ProgramResult> ChooseAsync(string thing, params string[] options) =>
        (await BuiltProgram.RunAsync(["choose", BuiltProgram.Sample, "--prompt", $"answer en is there a {thing}?", "no", "yes", .. options])).Succeeded();
}
