using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Adapters;
using PaliGguf.Cli.Adapters;
using PaliGguf.Hosting.Settings;

namespace PaliGguf.Cli.Tests.Adapters;

public sealed class ScaledPathTests
{
    [Theory]
    [InlineData("thai.gguf", "thai.gguf", 1)]
    [InlineData("thai.gguf:0.5", "thai.gguf", 0.5)]
    [InlineData("thai.gguf:-1", "thai.gguf", -1)]
    [InlineData("thai.gguf:1e-2", "thai.gguf", 0.01)]
    [InlineData(@"C:\models\thai.gguf", @"C:\models\thai.gguf", 1)]
    [InlineData(@"C:\models\thai.gguf:2", @"C:\models\thai.gguf", 2)]
    [InlineData("thai:v2.gguf", "thai:v2.gguf", 1)]
    [InlineData("thai.gguf:", "thai.gguf:", 1)]
    [InlineData("thai.gguf:NaN", "thai.gguf:NaN", 1)]
    [InlineData("thai.gguf:1e99", "thai.gguf:1e99", 1)]
    [InlineData("0.5", "0.5", 1)]
    public void Only_a_number_after_the_last_colon_is_a_scale(string text, string path, float scale) => Assert.Equal(new ScaledPath(path, scale), ScaledPath.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(":0.5")]
    public void Something_must_be_named(string text) => Assert.Throws<UsageException>(() => ScaledPath.Parse(text));

    [Fact]
    public void Any_scale_is_read_again() => Prop.ForAll<NormalFloat>(number =>
    {
        float scale = (float)(double)number;
        if (float.IsFinite(scale)) Assert.Equal(new ScaledPath("a:b", scale), ScaledPath.Parse($"a:b:{scale.ToString("R", CultureInfo.InvariantCulture)}"));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("describe en", null)]
    [InlineData("/loran", null)]
    [InlineData("/lora", "")]
    [InlineData("/lora a", "a 1")]
    [InlineData("/lora a:0.5; b b:-2", "a 0.5, b b -2")]
    public void A_line_of_a_conversation_may_switch_adapters(string line, string? expected)
    {
        IReadOnlyList<AdapterScale>? adapters = AdapterSwitch.Parse(line, [new AdapterInfo("a", "a.gguf", 1, 1, 1, 1), new AdapterInfo("b b", "b.gguf", 1, 1, 1, 1)]);
        Assert.Equal(expected, adapters is null ? null : string.Join(", ", adapters.Select(adapter => string.Create(CultureInfo.InvariantCulture, $"{adapter.Name} {adapter.Scale}"))));
    }

    [Fact]
    public void An_unknown_name_is_told_with_those_that_are_there()
    {
        Assert.Equal("there is no adapter 'x'; loaded: a.", Assert.Throws<UsageException>(() => AdapterSwitch.Parse("/lora x", [new AdapterInfo("a", "a.gguf", 1, 1, 1, 1)])).Message);
        Assert.Equal("there is no adapter 'x'; loaded: none.", Assert.Throws<UsageException>(() => AdapterSwitch.Parse("/lora x", [])).Message);
    }
}
