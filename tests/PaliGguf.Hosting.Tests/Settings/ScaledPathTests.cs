using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Hosting.Settings;

namespace PaliGguf.Hosting.Tests.Settings;

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
}
