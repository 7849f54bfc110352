using PaliGguf.Imaging.Interop;

namespace PaliGguf.Imaging.Tests.Interop;

public class PlainLineTests
{
    [Fact]
    public void Several_lines_become_one()
    {
        Assert.Equal("a: b; c d", PlainLine.Of("source: bad seek to 9\na: b\na: b\n  c\td\ne\n"));
        Assert.Equal("nothing", PlainLine.Of(" \n", "nothing"));
        Assert.Equal(203, PlainLine.Of(new string('x', 1000)).Length);
    }
}
