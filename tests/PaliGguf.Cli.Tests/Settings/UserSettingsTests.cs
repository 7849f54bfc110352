using Microsoft.Extensions.Configuration;
using PaliGguf.Cli.Settings;
using PaliGguf.Hosting.Settings;

namespace PaliGguf.Cli.Tests.Settings;

public sealed class UserSettingsTests
{
    [Fact]
    public void Nothing_set_gives_the_documented_defaults()
    {
        UserSettings settings = Of();
        Assert.Null(settings.Model);
        Assert.Equal("en", settings.Lang);
        Assert.Equal(256, settings.MaxTokens);
        Assert.Equal(-1, settings.GpuLayers);
        Assert.Null(settings.Threads);
        Assert.Equal(0, settings.Sampling.Temperature);
        Assert.False(settings.Json);
    }

    [Fact]
    public void Keys_are_read_whatever_their_case() => Assert.Equal(3, Of(("PALIGGUF:GPULAYERS", "3")).GpuLayers);

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void Flags_are_true_or_false(string text, bool expected) => Assert.Equal(expected, Of(("PaliGguf:IgnoreEos", text)).IgnoreEos);

    [Fact]
    public void A_value_of_another_kind_is_named()
    {
        Assert.Contains("Threads is 'all'", Assert.Throws<UsageException>(() => Of(("PaliGguf:Threads", "all")).Threads).Message);
        Assert.Contains("Json is 'maybe'", Assert.Throws<UsageException>(() => Of(("PaliGguf:Json", "maybe")).Json).Message);
        Assert.Contains("TopP is 'most'", Assert.Throws<UsageException>(() => Of(("PaliGguf:TopP", "most")).Sampling).Message);
    }

    [Fact]
    public void Adapters_are_a_list_or_a_text_with_semicolons_and_a_text_wins()
    {
        (string, string)[] list = [("PaliGguf:Lora:0", "a.gguf:0.5"), ("PaliGguf:Lora:1", "b.gguf")];
        Assert.Equal([("a", 0.5f), ("b", 1f)], Of(list).Lora.Select(adapter => (adapter.Name, adapter.Scale)));
        Assert.Equal([("c", 1f), ("d", -1f)], Of([.. list, ("PaliGguf:Lora", "c.gguf; d.gguf:-1;")]).Lora.Select(adapter => (adapter.Name, adapter.Scale)));
        Assert.Empty(Of().Lora);
    }

    private static UserSettings Of(params (string Key, string Value)[] values) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(value => value.Key, value => (string?)value.Value)).Build());
}
