using NetVips;

namespace PaliGguf.Imaging.Tests.Interop;

[Collection(Alone.Name)]
public class VipsBindingTests
{
    // To compile a method that names a type of NetVips starts it: by then ours must have been there.
    public VipsBindingTests() => _ = ImageLibrary.Version;

    [Fact]
    public void NetVips_runs_on_the_file_that_was_found() =>
        Assert.Equal(ImageLibrary.Version, new Version(NetVips.NetVips.Version(0), NetVips.NetVips.Version(1), NetVips.NetVips.Version(2)));

    public static TheoryData<Action> Loaders() =>
    [
        () => Image.SvgloadBuffer("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"u8.ToArray()),
        () => Image.Svgload("/dev/null"),
        () => Image.Csvload("/dev/null"),
        () => Image.Vipsload("/dev/null"),
        () => Image.Rawload("/dev/null", 1, 1, 1),
    ];

    [Theory]
    [MemberData(nameof(Loaders), DisableDiscoveryEnumeration = true)]
    public void Loaders_that_are_not_needed_are_out_of_reach(Action load) =>
        Assert.Contains("blocked", Assert.Throws<VipsException>(load).Message, StringComparison.Ordinal);
}
