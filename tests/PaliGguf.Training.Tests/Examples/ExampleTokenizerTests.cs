using System.Text.Json;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Network;
using PaliGguf.Training.Tests.Goldens;

namespace PaliGguf.Training.Tests.Examples;

public sealed class ExampleTokenizerTests
{
    [Theory]
    [InlineData("tiny-g1")]
    [InlineData("tiny-g2")]
    [InlineData("pali-nano")]
    public async Task Tokens_are_those_of_the_reference(string name)
    {
        TrainingGolden golden = TrainingGolden.Load(name);
        using PairNetwork network = await golden.OpenAsync();
        ExampleTokenizer tokenizer = new(network.Tokenizer, network.ContextLength, network.Tower.Layout.Patches);
        Assert.All(golden.Values.GetProperty("examples").EnumerateArray().Zip(golden.Examples), pair =>
        {
            JsonElement text = pair.First;
            ExampleTokens tokens = tokenizer.Tokenize(text.GetProperty("prefix").GetString()!, text.GetProperty("suffix").GetString()!);
            Assert.Equal(pair.Second.Prefix, tokens.Prefix);
            Assert.Equal(pair.Second.Suffix, tokens.Suffix);
        });
    }

    [Fact]
    public async Task What_the_model_has_no_room_for_is_named()
    {
        using PairNetwork network = await TrainingGolden.Load("pali-nano").OpenAsync();
        ExampleTokenizer tokenizer = new(network.Tokenizer, longest: 80, network.Tower.Layout.Patches);
        TrainingExample[] examples = [Example("short", "here"), Example(string.Join(' ', Enumerable.Repeat("long", 40)), "there")];
        List<string> problems = [];
        Assert.Equal("here", Assert.Single(tokenizer.Tokenize(examples, problems.Add)).Origin);
        Assert.StartsWith("there: ", Assert.Single(problems), StringComparison.Ordinal);
    }

    private static TrainingExample Example(string answer, string origin) => new(new PictureFile("x.png"), "caption en", answer, origin);
}
