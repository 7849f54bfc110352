using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;

namespace PaliGguf.Imaging.Tests.Formats;

public class BmpTests
{
    [Fact]
    public void One_bit_has_two_colours()
    {
        RgbImage image = ImageFile.Load(Picture.Path("1_bit.bmp"));

        Assert.Equal((255, 255, 255), Picture.Pixel(image, 0, 0));
        Assert.Equal((255, 255, 255), Picture.Pixel(image, 12, 15));
        Assert.Equal((0, 0, 0), Picture.Pixel(image, 0, 15));
        Assert.Equal((0, 0, 0), Picture.Pixel(image, 23, 15));
    }

    [Fact]
    public void Four_bits_hold_two_pixels_in_a_byte() => Picture.AssertPixels(
        [7, 8, 9, 4, 5, 6, 0, 0, 0],
        ImageFile.Load(Bmp(3, 1, 4, compression: 0, extra: [3, 2, 1, 0, 6, 5, 4, 0, 9, 8, 7, 0], pixels: [0x21, 0xF0, 0, 0], colours: 3)));

    [Fact]
    public void Sixteen_bits_are_five_for_each_channel_unless_masks_say_otherwise()
    {
        byte[] pixels = [0b000_11111, 0b0_00000_00, 0b111_00000, 0b0_00000_11];
        Picture.AssertPixels([0, 0, 255, 0, 255, 0], ImageFile.Load(Bmp(2, 1, 16, compression: 0, extra: [], pixels)));

        byte[] masks = [0, 0xF8, 0, 0, 0xE0, 0x07, 0, 0, 0x1F, 0, 0, 0];
        Picture.AssertPixels([0, 0, 255, 255, 0, 0], ImageFile.Load(Bmp(2, 1, 16, compression: 3, masks, pixels: [0x1F, 0, 0, 0xF8])));
    }

    [Fact]
    public void Thirty_two_bits_have_alpha_only_if_a_mask_says_so()
    {
        byte[] pixels = [1, 2, 3, 0, 10, 20, 30, 255];
        Picture.AssertPixels([3, 2, 1, 30, 20, 10], ImageFile.Load(Bmp(2, 1, 32, compression: 0, extra: [], pixels)));

        byte[] masks = [0, 0, 0xFF, 0, 0, 0xFF, 0, 0, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF];
        Picture.AssertPixels([255, 255, 255, 30, 20, 10], ImageFile.Load(Bmp(2, 1, 32, compression: 6, masks, pixels)));
    }

    [Fact]
    public void A_negative_height_means_rows_from_the_top()
    {
        byte[] pixels = [1, 2, 3, 0, 4, 5, 6, 0];

        Picture.AssertPixels([6, 5, 4, 3, 2, 1], ImageFile.Load(Bmp(1, 2, 24, compression: 0, extra: [], pixels)));
        Picture.AssertPixels([3, 2, 1, 6, 5, 4], ImageFile.Load(Bmp(1, -2, 24, compression: 0, extra: [], pixels)));
    }

    [Theory]
    [InlineData(0, 5, 24, 0, "its size is 0 x 5")]
    [InlineData(-3, 5, 24, 0, "its size is -3 x 5")]
    [InlineData(5, 0, 24, 0, "its size is 5 x 0")]
    [InlineData(5, 5, 24, 0, "it ends early: the pixels need 80 bytes, 4 are there")]
    [InlineData(5, 5, 4, 1, "4 bits per pixel with compression 1 are not supported")]
    [InlineData(5, -5, 8, 1, "8 bits per pixel with compression 1 are not supported")]
    [InlineData(5, 5, 0, 5, "0 bits per pixel with compression 5 are not supported")]
    [InlineData(5, 5, 7, 0, "7 bits per pixel with compression 0 are not supported")]
    [InlineData(5, 5, 32, 3, "it ends inside the header")]
    [InlineData(5, 5, 8, 0, "it ends inside the palette")]
    public void What_does_not_fit_is_told(int width, int height, int bits, int compression, string problem)
    {
        byte[] file = Bmp(width, height, bits, compression, extra: [], pixels: new byte[4]);

        InvalidImageContentException e = Assert.Throws<InvalidImageContentException>(() => ImageFile.Load(file, name: "x.bmp"));

        Assert.Equal($"x.bmp: the BMP data is damaged or not supported ({problem})", e.Message);
    }

    [Theory]
    [InlineData(new byte[] { 1, 1, 0, 0, 1, 1 }, "it ends early, in row 2 of 2")]
    [InlineData(new byte[] { 2, 1, 0, 0, 0, 7, 1, 1 }, "it ends early, in row 2 of 2")]
    [InlineData(new byte[] { 2, 1, 0, 0, 2, 1, 0, 0, 1, 1 }, "its runs lead out of the picture")]
    [InlineData(new byte[] { 0, 2, 0, 2, 1, 1 }, "its runs lead out of the picture")]
    [InlineData(new byte[] { 0, 2, 3, 0, 1, 1 }, "its runs lead out of the picture")]
    public void Runs_fill_the_picture_and_no_more(byte[] runs, string problem)
    {
        byte[] file = Bmp(2, 2, 8, compression: 1, extra: new byte[8], runs, colours: 2);

        InvalidImageContentException e = Assert.Throws<InvalidImageContentException>(() => ImageFile.Load(file, name: "x.bmp"));

        Assert.Equal($"x.bmp: the BMP data is damaged or not supported ({problem})", e.Message);
    }

    [Fact]
    public void Runs_may_end_with_the_last_row() => Picture.AssertPixels(
        [6, 5, 4, 3, 2, 1],
        ImageFile.Load(Bmp(2, 1, 8, compression: 1, extra: [1, 2, 3, 0, 4, 5, 6, 0], pixels: [1, 1, 1, 0], colours: 2)));

    [Fact]
    public void The_lowest_of_all_heights_is_over_the_limit() =>
        Assert.Throws<ImageLimitException>(() => ImageFile.Load(Bmp(1, int.MinValue, 24, compression: 0, extra: [], pixels: new byte[4])));

    [Fact]
    public void Masks_must_be_runs_of_bits()
    {
        byte[] masks = [0x05, 0, 0, 0, 0xE0, 0x07, 0, 0, 0x1F, 0, 0, 0];

        Assert.Throws<InvalidImageContentException>(() => ImageFile.Load(Bmp(1, 1, 16, compression: 3, masks, pixels: new byte[4])));
    }

    [Fact]
    public void No_header_crashes_the_reader()
    {
        Gen<byte[]> headers = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(60);
        Gen<byte[]> plausible =
            from noise in headers
            from length in Gen.Elements(12, 40, 52, 56, 108, 124)
            from width in Gen.Choose(-1, 9)
            from height in Gen.Choose(-9, 9)
            from bits in Gen.Elements(1, 4, 8, 16, 24, 32)
            from compression in Gen.Choose(0, 7)
            from changed in Gen.Choose(0, 59)
            let file = Bmp(width, height, bits, compression, noise[..16], noise, colours: noise[0], headerLength: length)
            select file.Select((value, at) => at == changed + 2 && at != 10 ? noise[0] : value).ToArray();

        Prop.ForAll(Gen.OneOf(plausible, headers.Select(noise => (byte[])[(byte)'B', (byte)'M', .. noise])).ToArbitrary(), file =>
        {
            Exception? e = Record.Exception(() => ImageFile.Load(file, new ImageLimits { MaxPixels = 10_000 }));
            return e is null or ImageException;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    private static byte[] Bmp(int width, int height, int bits, int compression, byte[] extra, byte[] pixels, int colours = 0, int headerLength = 40)
    {
        byte[] file = [.. new byte[54], .. extra, .. pixels];
        "BM"u8.CopyTo(file);
        Int32At(10, 54 + extra.Length);
        Int32At(14, headerLength);
        Int32At(18, width);
        Int32At(22, height);
        Int32At(26, 1 | (bits << 16));
        Int32At(30, compression);
        Int32At(46, colours);
        return file;

        void Int32At(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(offset), value);
    }
}
