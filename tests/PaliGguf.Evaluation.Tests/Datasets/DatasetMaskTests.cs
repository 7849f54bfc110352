using System.Text;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Imaging;
using PaliGguf.Tasks.Masks;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Datasets;

public sealed class DatasetMaskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_go_down_the_columns()
    {
        MaskBitmap mask = DatasetMask.Read(Write("""{"size": [2, 3], "counts": [1, 2, 3]}"""))!;
        Assert.Equal((3, 2), (mask.Width, mask.Height));
        Assert.Equal([0, 1, 0, 1, 0, 0], mask.Pixels.ToArray());
    }

    [Fact]
    public void A_mask_over_the_limits_is_refused_however_short_its_file_is()
    {
        string file = Write("""{"size": [1024, 1025], "counts": [1049600]}""");
        Assert.Equal(0, DatasetMask.Read(file)!.Area);
        PaliException refusal = Assert.Throws<PaliException>(() => DatasetMask.Read(file, new ImageLimits { MaxPixels = 1 << 20 }));
        Assert.Contains("1025 x 1024 pixels", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_runs_is_no_mask() => Assert.Null(DatasetMask.Read(Write("""[{"image": "a.png"}]""")));

    [Fact]
    public void A_placeholder_of_a_file_is_an_error() => Assert.Throws<PaliException>(() =>
        DatasetMask.Read(Write("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n")));

    private string Write(string json) => _folder.Write("mask.json", Encoding.UTF8.GetBytes(json));
}
