using PaliGguf.Evaluation.Comparison;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Comparison;

public sealed class DistributionFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_appended_is_read_in_any_order_and_leaves_nothing()
    {
        using (DistributionFile file = new(_folder.Path))
        {
            for (int row = 0; row < 5; row++) file.Append([row, -row, 0.5f]);
            float[] read = new float[3];
            foreach (int row in (int[])[4, 0, 2])
            {
                file.Read(row, read);
                Assert.Equal([row, -row, 0.5f], read);
            }

            // Whatever kills the process now: there is nothing to be left.
            if (!OperatingSystem.IsWindows()) Assert.Empty(Directory.EnumerateFiles(_folder.Path));
        }

        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void What_was_not_appended_is_an_error()
    {
        using DistributionFile file = new(_folder.Path);
        file.Append([1, 2]);
        Assert.Throws<PaliException>(() => file.Read(1, new float[2]));
    }

    [Fact]
    public void A_disk_without_room_and_a_folder_that_is_not_there_are_named()
    {
        using DistributionFile file = new(_folder.Path);
        file.RequireSpace(1);
        Assert.Contains(_folder.Path, Assert.Throws<PaliException>(() => file.RequireSpace(long.MaxValue)).Message, StringComparison.Ordinal);
        string missing = _folder.File("missing");
        Assert.Contains(missing, Assert.Throws<PaliException>(() => new DistributionFile(missing)).Message, StringComparison.Ordinal);
    }
}
