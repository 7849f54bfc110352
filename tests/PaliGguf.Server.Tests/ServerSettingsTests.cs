using Microsoft.Extensions.Configuration;
using PaliGguf.Hosting.Settings;

namespace PaliGguf.Server.Tests;

public sealed class ServerSettingsTests
{
    [Fact]
    public void Nothing_set_serves_this_computer_alone()
    {
        ServerOptions options = Of();
        options.Validate();
        Assert.Equal(["http://127.0.0.1:8080"], options.Urls);
        Assert.Equal((4, 64, null), (options.ModelOptions.Sequences, options.Queue, options.Rate));
        Assert.Equal((TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(10)), (options.Deadline, options.Drain));
        Assert.Equal((32L << 20, 256L << 20), (options.MaxBody, options.PictureStore));
        Assert.Empty(options.ApiKeys);
        Assert.Empty(options.RemoteImageHosts);
    }

    [Fact]
    public void What_is_set_is_read()
    {
        ServerOptions options = Of(
            ("Urls", "http://*:80;http://[::1]:81"), ("ApiKey", "first-key; other-key"), ("Queue", "0"), ("Deadline", "90s"), ("Drain", "1m"), ("Rate", "30"), ("MaxBody", "1MiB"),
            ("PictureStore", "0"), ("PictureExpiry", "1h"), ("AllowRemoteImages", "example.org,example.com:8443"), ("Cors", "https://a.example"), ("Model", "m.gguf"), ("LogContent", "1"));
        options.Validate();
        Assert.Equal(["http://*:80", "http://[::1]:81"], options.Urls);
        Assert.Equal(["first-key", "other-key"], options.ApiKeys);
        Assert.Equal((0, 30, 1L << 20, 0L), (options.Queue, options.Rate, options.MaxBody, options.PictureStore));
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)), (options.Deadline, options.Drain, options.PictureExpiry));
        Assert.Equal(["example.org", "example.com:8443"], options.RemoteImageHosts);
        Assert.Equal("m.gguf", options.Model);
        Assert.True(options.LogContent);
    }

    [Fact]
    public void Limits_on_the_memory_decide_how_many_requests_run_unless_that_is_set()
    {
        Assert.Equal(0, Of(("Ram", "8GiB")).ModelOptions.Sequences);
        Assert.Equal(3, Of(("Ram", "8GiB"), ("Sequences", "3")).ModelOptions.Sequences);
    }

    [Theory]
    [InlineData("Queue", "-1")]
    [InlineData("Sequences", "0")]
    [InlineData("Rate", "0")]
    [InlineData("Deadline", "soon")]
    [InlineData("MaxBody", "large")]
    [InlineData("NoAuth", "perhaps")]
    public void A_value_of_another_kind_is_named(string setting, string value) =>
        Assert.Contains($"{setting} is '{value}'", Assert.Throws<UsageException>(() => Of((setting, value))).Message);

    [Theory]
    [InlineData("AllowRemoteImages", "https://example.org/")]
    [InlineData("Cors", "example.org")]
    [InlineData("Cors", "https://example.org/path")]
    [InlineData("Deadline", "0")]
    [InlineData("MaxBody", "10")]
    public void So_is_one_that_is_out_of_range(string setting, string value) => Assert.Throws<ArgumentException>(() => Of((setting, value)).Validate());

    private static ServerOptions Of(params (string Setting, string Value)[] values) =>
        new ServerSettings(new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(value => $"PaliGguf:{value.Setting}", value => (string?)value.Value)).Build()).ToOptions();
}
