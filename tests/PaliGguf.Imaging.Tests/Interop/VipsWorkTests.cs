using PaliGguf.Imaging.Interop;

namespace PaliGguf.Imaging.Tests.Interop;

/// <summary>libvips gathers the messages of a process in one list.</summary>
[Collection(Alone.Name)]
public class VipsWorkTests
{
    private static readonly byte[] CutJpeg = Picture.Bytes("blocks.jpg")[..700];
    private static readonly byte[] CutGif = Picture.Bytes("blocks.gif")[..60];

    [Fact]
    public void The_decoders_reason_is_passed_on() =>
        Assert.Equal("x: the JPEG data is damaged or not supported (VipsJpeg: premature end of JPEG image)", Message(CutJpeg));

    [Fact]
    public void A_warning_about_a_picture_that_was_read_is_not_in_the_next_ones_message()
    {
        // Bytes before the end marker: read in full, with a warning.
        byte[] jpeg = Picture.Bytes("blocks.jpg");
        Picture.AssertSame(ImageFile.Load(jpeg), ImageFile.Load([.. jpeg[..^2], 0, 0, 0, 0, .. jpeg[^2..]]));

        Assert.StartsWith("x: the GIF data is damaged or not supported (gifload", Message(CutGif));
    }

    [Fact]
    public void While_other_work_is_under_way_no_reason_is_given()
    {
        using VipsWork other = new();

        Assert.Equal("x: the JPEG data is damaged or not supported", Message(CutJpeg));
    }

    [Fact]
    public void Failures_side_by_side_never_show_each_others_reasons()
    {
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            bool jpeg = i % 2 == 0;

            Assert.DoesNotContain(jpeg ? "gif" : "jpeg",
                Message(jpeg ? CutJpeg : CutGif)[2..].Replace("the JPEG data", "", StringComparison.Ordinal),
                StringComparison.OrdinalIgnoreCase);
        });
    }

    private static string Message(byte[] encoded)
    {
        InvalidImageContentException e = Assert.Throws<InvalidImageContentException>(() => ImageFile.Load(encoded, name: "x"));
        Assert.Null(e.InnerException);
        return e.Message;
    }
}
