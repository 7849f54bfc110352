using PaliGguf.Conversion;
using PaliGguf.Imaging;
using PaliGguf.Language;

namespace PaliGguf.Tests;

public sealed class GoldenTests
{
    [Theory]
    [InlineData("tiny-g1", ModelFileType.F32)]
    [InlineData("tiny-g1", ModelFileType.F16)]
    [InlineData("tiny-g2", ModelFileType.F32)]
    [InlineData("tiny-g2", ModelFileType.F16)]
    public async Task All_greedy_tokens_are_those_of_the_reference(string name, ModelFileType type)
    {
        GoldenSet golden = GoldenSet.Load(name);
        using PaliModel model = await Models.LoadAsync(ConvertedModels.Golden(name, type));
        foreach (GoldenCase expected in golden.Cases)
        {
            GenerationResult result = await model.GenerateAsync(Request(golden, expected)).Result;
            Assert.Equal(expected.Suffix, result.Tokens);
            Assert.Equal(expected.PrefixLength, result.PrefixTokens);
            Assert.Equal(FinishReason.Length, result.FinishReason);
        }
    }

    [Theory]
    [InlineData("tiny-g1", ModelFileType.F32)]
    [InlineData("tiny-g1", ModelFileType.F16)]
    [InlineData("tiny-g2", ModelFileType.F32)]
    [InlineData("tiny-g2", ModelFileType.F16)]
    public async Task Four_sequences_in_one_batch_give_the_same_tokens(string name, ModelFileType type)
    {
        GoldenSet golden = GoldenSet.Load(name);
        using PaliModel model = await Models.LoadAsync(ConvertedModels.Golden(name, type), Models.OneThread with { Sequences = 4 });
        GoldenCase[] cases = [golden.Cases[0], golden.Cases[1], golden.Cases[2], golden.Cases[1]];
        GenerationResult[] results = await Task.WhenAll(cases.Select(expected => model.GenerateAsync(Request(golden, expected)).Result));
        Assert.All(cases.Zip(results), pair => Assert.Equal(pair.First.Suffix, pair.Second.Tokens));
    }

    private static GenerationRequest Request(GoldenSet golden, GoldenCase expected) => new()
    {
        Images = [ImageFile.Load(Path.Combine(golden.Folder, expected.Image))],
        Prompt = expected.Prefix,
        MaxTokens = expected.Suffix.Length,
        IgnoreEos = true,
    };
}
