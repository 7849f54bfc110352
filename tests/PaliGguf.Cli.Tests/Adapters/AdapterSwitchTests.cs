using System.Globalization;
using PaliGguf.Adapters;
using PaliGguf.Cli.Adapters;
using PaliGguf.Hosting.Settings;

namespace PaliGguf.Cli.Tests.Adapters;

public sealed class AdapterSwitchTests
{
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
