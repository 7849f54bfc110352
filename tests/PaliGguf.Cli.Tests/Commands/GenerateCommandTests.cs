using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class GenerateCommandTests
{
    private const int ImageTokens = 64;

    [Theory]
    [InlineData("cap en")]
    [InlineData("caption th")]
    [InlineData("answer en what color is the background?")]
    public async Task Json_agrees_with_the_reference(string prompt)
    {
        NanoAnswer golden = PaliNanoGoldens.Load().First(golden => golden.Prompt == prompt);
        JsonElement json = (await BuiltProgram.RunAsync("generate", "--image", golden.Image, "--prompt", prompt, "--json")).Succeeded().Json();
        Assert.Equal(["text", "tokens", "logprobs", "prefixTokens", "finishReason", "timings"], Names(json));
        Assert.Equal(golden.Text, json.GetProperty("text").GetString());
        Assert.Equal(golden.Suffix, json.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Equal(ImageTokens + golden.PrefixIds.Length, json.GetProperty("prefixTokens").GetInt32());
        Assert.Equal("stop", json.GetProperty("finishReason").GetString());
    }

    [Fact]
    public async Task Every_token_has_a_log_probability_and_every_step_its_time()
    {
        JsonElement json = (await BuiltProgram.RunAsync("describe", BuiltProgram.Sample, "--json")).Succeeded().Json();
        Assert.Equal(json.GetProperty("tokens").GetArrayLength(), json.GetProperty("logprobs").GetArrayLength());
        Assert.All(json.GetProperty("logprobs").EnumerateArray(), value => Assert.InRange(value.GetDouble(), -10, 0));
        JsonElement timings = json.GetProperty("timings");
        Assert.Equal(["visionMs", "prefixMs", "decodeMs", "decodeTokensPerSecond", "picturesCached", "nativeMs"], Names(timings));
        Assert.All(timings.EnumerateObject().Where(timing => timing.Name.EndsWith("Ms", StringComparison.Ordinal)), timing => Assert.True(timing.Value.GetDouble() > 0, timing.Name));
    }

    [Fact]
    public async Task Characters_beyond_ascii_are_printed_as_they_are() =>
        Assert.Contains("เต่าหนึ่งตัว", (await BuiltProgram.RunAsync("caption", BuiltProgram.Sample, "--lang", "th", "--json")).Succeeded().Output);

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(700)]
    public async Task Ignoring_the_end_gives_exactly_as_many_tokens_as_asked_for(int count)
    {
        JsonElement json = (await BuiltProgram.RunAsync(
            "generate", "--image", BuiltProgram.Sample, "--prompt", "caption en", "--ignore-eos", "--max-tokens", $"{count}", "--json")).Succeeded().Json();
        Assert.Equal(count, json.GetProperty("tokens").GetArrayLength());
        Assert.Equal("length", json.GetProperty("finishReason").GetString());
    }

    [Fact]
    public async Task Several_pictures_come_before_the_prompt()
    {
        string[] images = Enumerable.Repeat(new[] { "--image", BuiltProgram.Sample }, 9).SelectMany(pair => pair).ToArray();
        JsonElement json = (await BuiltProgram.RunAsync(["generate", .. images, "--prompt", "cap en", "--json"])).Succeeded().Json();
        Assert.Equal((9 * ImageTokens) + 4, json.GetProperty("prefixTokens").GetInt32());
    }

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(property => property.Name);
}
