using PaliGguf.Tests;
using PaliGguf.Training.Examples;

namespace PaliGguf.Training.Tests.Examples;

public sealed class SoftTokenFileTests : IDisposable
{
    private static readonly string[] Pictures = ["a.png", "b.png"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_kept_is_there_when_it_is_opened_again()
    {
        using (SoftTokenFile file = Open("tower"))
        {
            Assert.Null(file.Read("b.png"));
            file.Write("b.png", [1, 2, 3]);
        }

        using SoftTokenFile again = Open("tower");
        Assert.Equal([1, 2, 3], again.Read("b.png")!);
        Assert.Null(again.Read("a.png"));
    }

    [Fact]
    public void Those_of_another_tower_are_not_taken()
    {
        using (SoftTokenFile file = Open("tower")) file.Write("a.png", [1, 2, 3]);
        using SoftTokenFile other = Open("other");
        Assert.Null(other.Read("a.png"));
    }

    private SoftTokenFile Open(string tower) => SoftTokenFile.Open(_folder.File("soft.bin"), tower, Pictures, length: 3);
}
