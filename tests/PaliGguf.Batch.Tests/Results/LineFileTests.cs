using PaliGguf.Batch.Results;
using PaliGguf.Tests;

namespace PaliGguf.Batch.Tests.Results;

public sealed class LineFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 4)]
    [InlineData(4, -1)]
    [InlineData(4, 0)]
    [InlineData(1, long.MaxValue)]
    [InlineData(long.MaxValue, 1)]
    public void A_part_that_is_not_there_is_the_end_of_the_file(long start, long length)
    {
        using LineFile file = new(_folder.Write("lines.jsonl", [1, 2, 3]));
        Assert.Equal([2, 3], file.Read(1, 2));
        Assert.Throws<EndOfStreamException>(() => file.Read(start, length));
    }
}
