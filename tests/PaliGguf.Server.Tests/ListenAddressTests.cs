namespace PaliGguf.Server.Tests;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://localhost:8080/", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("http://127.9.9.9:1", true)]
    [InlineData("http://*:8080", false)]
    [InlineData("http://+:8080", false)]
    [InlineData("http://0.0.0.0:8080", false)]
    [InlineData("http://192.168.1.5:8080", false)]
    [InlineData("http://[::]:8080", false)]
    public void Only_the_loopback_interface_is_this_computers_own(string url, bool loopback) => Assert.Equal(loopback, ListenAddress.Parse(url).IsLoopback);

    [Theory]
    [InlineData("https://127.0.0.1:8080")]
    [InlineData("http://example.org:8080")]
    [InlineData("http://127.0.0.1:8080/path")]
    [InlineData("http://user@127.0.0.1:8080")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("")]
    public void What_is_no_address_is_named(string url) => Assert.Contains($"'{url}'", Assert.Throws<ArgumentException>(() => ListenAddress.Parse(url)).Message);

    [Fact]
    public async Task A_server_that_others_reach_needs_a_key_or_the_word_that_it_does_not()
    {
        ServerOptions open = RunningServer.Options with { Urls = ["http://*:0"] };
        Assert.Contains("PALIGGUF_API_KEY", (await Assert.ThrowsAsync<ArgumentException>(() => PaliServer.StartAsync(open))).Message);
        Assert.Contains("8 characters", (await Assert.ThrowsAsync<ArgumentException>(() => PaliServer.StartAsync(open with { ApiKeys = ["short"] }))).Message);
        (open with { NoAuth = true }).Validate();
        (open with { ApiKeys = ["long-enough"] }).Validate();
    }
}
