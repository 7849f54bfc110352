using PaliGguf.Tests;

namespace PaliGguf.Hub.Tests;

public sealed class HubOptionsTests
{
    [Fact]
    public void Nothing_that_is_set_means_the_usual_hub_and_nobody_in_particular()
    {
        using TemporaryFolder empty = new();

        HubOptions options = Read(("XDG_CACHE_HOME", empty.Path));

        Assert.Equal(new Uri("https://huggingface.co"), options.Endpoint);
        Assert.Null(options.Token);
        Assert.False(options.Offline);
    }

    [Fact]
    public void The_token_is_where_other_programs_of_the_hub_have_it()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("huggingface"));
        folder.Write("huggingface/token", "hf_cache\n"u8);
        folder.Write("elsewhere", "hf_elsewhere"u8);
        folder.Write("own", " hf_own\r\n"u8);
        (string, string) cache = ("XDG_CACHE_HOME", folder.Path);
        (string, string) path = ("HF_TOKEN_PATH", folder.File("elsewhere"));

        Assert.Equal("hf_cache", Read(cache).Token!.Value);
        Assert.Equal("hf_cache", Read(("HF_HOME", folder.File("huggingface"))).Token!.Value);
        Assert.Equal("hf_elsewhere", Read(cache, path).Token!.Value);
        Assert.Equal("hf_variable", Read(cache, path, ("HF_TOKEN", "hf_variable")).Token!.Value);
        Assert.Equal("hf_own", HubOptions.FromEnvironment(folder.File("own"), variable: _ => null).Token!.Value);
    }

    [Fact]
    public void A_token_is_not_shown()
    {
        AccessToken token = AccessToken.Parse("hf_secret", "test");
        HubException refused = Assert.Throws<HubException>(() => AccessToken.Parse("hf_se cret", "HF_TOKEN"));

        Assert.DoesNotContain("secret", token.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hf_se", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("HF_TOKEN: there is no token in it", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://mirror.example.org/hub", true)]
    [InlineData("http://127.0.0.1:8000", true)]
    [InlineData("http://localhost", true)]
    [InlineData("http://mirror.example.org", false)]
    [InlineData("https://me:secret@mirror.example.org", false)]
    [InlineData("https://mirror.example.org?key=secret", false)]
    [InlineData("mirror.example.org", false)]
    public void A_mirror_is_asked_over_https_unless_it_is_on_this_computer(string endpoint, bool allowed)
    {
        if (allowed)
        {
            Assert.Equal(new Uri(endpoint), Read(("HF_ENDPOINT", endpoint)).Endpoint);
        }
        else
        {
            Assert.Contains("HF_ENDPOINT", Assert.Throws<HubException>(() => Read(("HF_ENDPOINT", endpoint))).Message,
            StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("0", false)]
    public void Offline_mode_is_set_as_elsewhere(string value, bool offline) =>
        Assert.Equal(offline, Read(("HF_HUB_OFFLINE", value)).Offline);

    private static HubOptions Read(params (string Name, string Value)[] variables) =>
        HubOptions.FromEnvironment(variable: name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
