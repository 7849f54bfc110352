namespace PaliGguf.Imaging.Tests;

public class ImageFileLoadTests
{
    [Theory]
    [InlineData("blocks.png")]
    [InlineData("palette.png")]
    [InlineData("blocks.webp")]
    [InlineData("blocks.gif")]
    [InlineData("blocks.tif")]
    [InlineData("24_bits.bmp")]
    [InlineData("8_bits.bmp")]
    public void Lossless_files_are_read_exactly(string file) => Picture.AssertSame(Picture.Blocks(), ImageFile.Load(Picture.Path(file)));

    [Theory]
    [InlineData("blocks.jpg")]
    [InlineData("progressive.jpg")]
    public void Jpeg_files_are_read_within_what_the_format_keeps(string file) =>
        Picture.AssertSame(Picture.Blocks(), ImageFile.Load(Picture.Path(file)), tolerance: 40);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_exif_orientation_is_turned_upright(int orientation) =>
        Picture.AssertSame(Picture.Blocks(), ImageFile.Load(Picture.Path($"orientation_{orientation}.jpg")), tolerance: 40);

    [Fact]
    public void Orientation_is_applied_in_other_formats_too() =>
        Picture.AssertSame(Picture.Blocks(), ImageFile.Load(Picture.Path("orientation_6.png")));

    [Theory]
    [InlineData("cmyk.jpg")]
    [InlineData("cmyk.tif")]
    public void Cmyk_becomes_rgb(string file)
    {
        RgbImage image = ImageFile.Load(Picture.Path(file));

        Assert.Equal((Picture.BlocksWidth, Picture.BlocksHeight), (image.Width, image.Height));
        (int red, int green, int blue) = Picture.Pixel(image, 3, 3);
        Assert.True(red > 180 && green < 100 && blue < 100, $"red: {(red, green, blue)}");
        (red, green, blue) = Picture.Pixel(image, 16, 3);
        Assert.True(green > 120 && red < green - 50 && blue < green - 50, $"green: {(red, green, blue)}");
        (red, green, blue) = Picture.Pixel(image, 3, 12);
        Assert.True(blue > 100 && red < blue - 30 && green < blue - 30, $"blue: {(red, green, blue)}");
        (red, green, blue) = Picture.Pixel(image, 14, 10);
        Assert.True(Math.Min(red, Math.Min(green, blue)) > 245, $"white: {(red, green, blue)}");
        (red, green, blue) = Picture.Pixel(image, 23, 15);
        Assert.True(Math.Max(red, Math.Max(green, blue)) < 60, $"black: {(red, green, blue)}");
    }

    [Fact]
    public void Grey_becomes_three_equal_channels()
    {
        RgbImage image = ImageFile.Load(Picture.Path("grey.jpg"));

        (byte red, byte green, byte blue) = Picture.Pixel(image, 3, 3);
        Assert.Equal((red, red), (green, blue));
        Assert.InRange(red, 76 - 6, 76 + 6);
    }

    [Fact]
    public void Sixteen_bits_become_eight()
    {
        Picture.AssertPixels([0, 0, 0, 1, 1, 1, 128, 128, 128, 255, 255, 255], ImageFile.Load(Picture.Path("grey_16.png")));
        Picture.AssertPixels([0, 255, 100, 1, 254, 100, 128, 127, 100, 255, 0, 100], ImageFile.Load(Picture.Path("colour_16.png")));
        Picture.AssertPixels([100, 200, 0, 255, 255, 255], ImageFile.Load(Picture.Path("alpha_16.png")));
    }

    [Fact]
    public void Transparent_parts_lie_on_white()
    {
        Picture.AssertPixels([100, 100, 100, 152, 152, 152, 203, 203, 203, 255, 255, 255], ImageFile.Load(Picture.Path("grey_alpha.png")));
        Picture.AssertPixels([90, 30, 0, 145, 105, 85, 200, 180, 170, 255, 255, 255], ImageFile.Load(Picture.Path("colour_alpha.png")));
        Picture.AssertPixels([90, 30, 0, 255, 255, 255], ImageFile.Load(Picture.Path("colour_alpha.webp")));
        Picture.AssertPixels([90, 30, 0, 255, 255, 255], ImageFile.Load(Picture.Path("palette_alpha.png")));
        Picture.AssertPixels([90, 30, 0, 255, 255, 255], ImageFile.Load(Picture.Path("transparent.gif")));
    }

    [Fact]
    public void A_file_and_a_span_of_rgba_are_flattened_alike()
    {
        RgbImage span = RgbImage.FromRgba([90, 30, 0, 255, 90, 30, 0, 170, 90, 30, 0, 85, 90, 30, 0, 0], 4, 1);

        Picture.AssertSame(span, ImageFile.Load(Picture.Path("colour_alpha.png")));
    }

    [Theory]
    [InlineData("animated.gif")]
    [InlineData("animated.webp")]
    [InlineData("pages.tif")]
    public void Of_several_pictures_the_first_is_read(string file)
    {
        RgbImage image = ImageFile.Load(Picture.Path(file));

        Assert.Equal((8, 8), (image.Width, image.Height));
        Assert.Equal((255, 0, 0), Picture.Pixel(image, 7, 7));
    }

    [Fact]
    public void A_wide_gamut_profile_is_followed_to_srgb()
    {
        // What Pillow's colour management makes of the same file; see make_pictures.py.
        byte[] expected = [129, 129, 129, 230, 79, 56, 0, 151, 86, 21, 57, 185];

        Picture.AssertSame(RgbImage.FromRgb(expected, 4, 1), ImageFile.Load(Picture.Path("wide_gamut.png")), tolerance: 2);
    }

    [Theory]
    [InlineData("srgb_profile.png")]
    [InlineData("damaged_profile.png")]
    public void An_srgb_or_unusable_profile_changes_nothing(string file) =>
        Picture.AssertPixels([128, 128, 128, 200, 80, 60, 60, 150, 90, 40, 60, 180], ImageFile.Load(Picture.Path(file)));

    [Fact]
    public async Task Files_streams_and_bytes_give_the_same_picture()
    {
        byte[] bytes = Picture.Bytes("blocks.png");
        using MemoryStream seekable = new(bytes);
        using Stream forwardOnly = new ForwardOnlyStream(bytes);
        using Stream forwardOnlyToo = new ForwardOnlyStream(bytes);

        Picture.AssertSame(Picture.Blocks(), ImageFile.Load(bytes));
        Picture.AssertSame(Picture.Blocks(), ImageFile.Load(seekable));
        Picture.AssertSame(Picture.Blocks(), ImageFile.Load(forwardOnly));
        Picture.AssertSame(Picture.Blocks(), await ImageFile.LoadAsync(forwardOnlyToo));
        Picture.AssertSame(Picture.Blocks(), await ImageFile.LoadAsync(Picture.Path("blocks.png")));
    }

    [Fact]
    public void A_stream_is_read_from_where_it_stands()
    {
        using MemoryStream stream = new([1, 2, 3, .. Picture.Bytes("blocks.png")]);
        stream.Position = 3;

        Picture.AssertSame(Picture.Blocks(), ImageFile.Load(stream));
    }

    [Fact]
    public void The_content_tells_the_format_not_the_name()
    {
        using PaliGguf.Tests.TemporaryFolder folder = new();

        Picture.AssertSame(Picture.Blocks(), ImageFile.Load(folder.Write("really_a_png.jpg", Picture.Bytes("blocks.png"))));
    }

    [Fact]
    public void Names_may_hold_anything()
    {
        using PaliGguf.Tests.TemporaryFolder folder = new();

        Picture.AssertSame(Picture.Blocks(), ImageFile.Load(folder.Write("bücher 本 [page=3].png", Picture.Bytes("blocks.png"))));
    }

    [Fact]
    public async Task A_cancelled_call_ends()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();

        Assert.Throws<OperationCanceledException>(() => ImageFile.Load(Picture.Path("blocks.png"), cancellationToken: source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ImageFile.LoadAsync(Picture.Path("blocks.png"), cancellationToken: source.Token));
    }

    private sealed class ForwardOnlyStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 7)]);
    }
}
