using Microsoft.Extensions.Configuration;
using PaliGguf.Hosting.Settings;

namespace PaliGguf.Hosting.Tests.Settings;

public sealed class SettingsSectionTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("90s", 90)]
    [InlineData("1.5s", 1.5)]
    [InlineData("500ms", 0.5)]
    [InlineData("5m", 300)]
    [InlineData("2h", 7200)]
    [InlineData("0", 0)]
    public void A_time_is_a_number_of_seconds_or_has_a_unit(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Of(text).Span);

    [Theory]
    [InlineData("soon")]
    [InlineData("-1s")]
    [InlineData("5d")]
    [InlineData("s")]
    [InlineData("1e9h")]
    [InlineData("99999999999999999999h")]
    [InlineData("1 h")]
    public void Another_text_is_no_time(string text) => Assert.Contains($"Span is '{text}'", Assert.Throws<UsageException>(() => Of(text).Span).Message);

    [Fact]
    public void What_is_not_set_is_null()
    {
        Assert.Null(Of("").Span);
        Assert.Null(Of("").Few);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("11")]
    [InlineData("3.5")]
    public void A_number_has_to_be_in_its_range(string text) => Assert.Contains($"Few is '{text}'", Assert.Throws<UsageException>(() => Of(text).Few).Message);

    private static Probe Of(string text) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["PaliGguf:Span"] = text, ["PaliGguf:Few"] = text }).Build());

    private sealed class Probe(IConfiguration configuration) : SettingsSection(configuration)
    {
        public TimeSpan? Span => Time(nameof(Span));

        public int? Few => Integer(nameof(Few), 1, 10);
    }
}
