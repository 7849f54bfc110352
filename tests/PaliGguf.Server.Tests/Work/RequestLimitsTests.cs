using PaliGguf.Adapters;
using PaliGguf.Server.Http;
using PaliGguf.Server.Work;

namespace PaliGguf.Server.Tests.Work;

public sealed class RequestLimitsTests
{
    private static readonly AdapterInfo[] Loaded = [new("thai", "thai.gguf", 1, 1, 1, 1), new("v:2", "v2.gguf", 1, 1, 1, 1)];

    [Fact]
    public void Adapters_are_names_with_scales()
    {
        Assert.Null(RequestLimits.Adapters(null, Loaded));
        Assert.Empty(RequestLimits.Adapters([], Loaded)!);
        Assert.Equal(
            [new AdapterScale("thai", 0.5f), new AdapterScale("v:2", 1), new AdapterScale("v:2", -1), new AdapterScale("thai", 1)], RequestLimits.Adapters(["thai:0.5", "v:2", "v:2:-1", "thai"], Loaded)!);
    }

    [Theory]
    [InlineData("german")]
    [InlineData("thai:half")]
    [InlineData(":1")]
    [InlineData("")]
    public void Others_are_named_with_what_there_is(string adapter) => Assert.Equal("adapters", Assert.Throws<RejectionException>(() => RequestLimits.Adapters([adapter], Loaded)).Parameter);

    [Fact]
    public void Texts_and_lists_have_an_end()
    {
        Assert.Equal("a", RequestLimits.Text("prompt", "a"));
        Assert.Throws<RejectionException>(() => RequestLimits.Text("prompt", new string('a', 40_000)));
        Assert.Equal(64, RequestLimits.List("labels", [.. Enumerable.Repeat("a", 64)]).Count);
        Assert.Throws<RejectionException>(() => RequestLimits.List("labels", [.. Enumerable.Repeat("a", 65)]));
        Assert.Throws<RejectionException>(() => RequestLimits.List("labels", [new string('a', 2000)]));
        Assert.Throws<RejectionException>(() => RequestLimits.Entries("labels", []));
    }
}
