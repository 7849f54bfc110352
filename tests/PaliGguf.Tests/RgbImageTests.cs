namespace PaliGguf.Tests;

public sealed class RgbImageTests
{
    [Fact]
    public void Rgb_is_copied()
    {
        byte[] source = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        RgbImage image = RgbImage.FromRgb(source, width: 2, height: 2);
        source[0] = 99;
        Assert.Equal((2, 2), (image.Width, image.Height));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], image.Pixels.ToArray());
    }

    [Fact]
    public void Padding_between_rows_is_left_out()
    {
        byte[] rgb = [1, 2, 3, 0, 0, 4, 5, 6];
        byte[] rgba = [1, 2, 3, 255, 0, 0, 4, 5, 6, 255];
        Assert.Equal([1, 2, 3, 4, 5, 6], RgbImage.FromRgb(rgb, 1, 2, stride: 5).Pixels.ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6], RgbImage.FromRgba(rgba, 1, 2, stride: 6).Pixels.ToArray());
    }

    [Fact]
    public void Opaque_pixels_keep_their_colours_in_the_order_of_the_channels()
    {
        byte[] pixels = [10, 20, 30, 255, 40, 50, 60, 255];
        Assert.Equal([10, 20, 30, 40, 50, 60], RgbImage.FromRgba(pixels, 2, 1).Pixels.ToArray());
        Assert.Equal([30, 20, 10, 60, 50, 40], RgbImage.FromBgra(pixels, 2, 1).Pixels.ToArray());
    }

    [Theory]
    [InlineData(0, 0, 255)]
    [InlineData(200, 0, 255)]
    [InlineData(0, 128, 127)]
    [InlineData(255, 77, 255)]
    [InlineData(100, 254, 101)]
    public void Transparency_shows_white(byte value, byte alpha, byte expected) =>
        Assert.Equal([expected, expected, expected], RgbImage.FromRgba([value, value, value, alpha], 1, 1).Pixels.ToArray());

    [Fact]
    public void Flattening_rounds_to_nearest()
    {
        for (int value = 0; value < 256; value += 5)
        {
            for (int alpha = 0; alpha < 256; alpha++)
            {
                byte flattened = RgbImage.FromBgra([(byte)value, 0, 0, (byte)alpha], 1, 1).Pixels[2];
                Assert.InRange(flattened - (((value * alpha) + (255.0 * (255 - alpha))) / 255), -0.5, 0.5);
            }
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, 1)]
    [InlineData(1, int.MinValue)]
    public void A_side_is_at_least_one_pixel(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RgbImage.FromRgb(new byte[12], width, height));

    [Theory]
    [InlineData(30_000, 30_000)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(600_000_000, 1)]
    [InlineData(1, 600_000_000)]
    [InlineData(2, 1)]
    public void A_span_that_is_too_short_for_the_size_is_refused_before_anything_is_allocated(int width, int height)
    {
        byte[] pixels = new byte[5];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ArgumentException>(() => RgbImage.FromRgb(pixels, width, height));
        Assert.Throws<ArgumentException>(() => RgbImage.FromRgba(pixels, width, height));
        Assert.Throws<ArgumentException>(() => RgbImage.FromBgra(pixels, width, height, int.MaxValue));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-6)]
    [InlineData(int.MinValue)]
    public void A_stride_is_at_least_a_row(int stride) =>
        Assert.Equal("stride", Assert.Throws<ArgumentException>(() => RgbImage.FromRgb(new byte[100], 2, 2, stride)).ParamName);

    [Fact]
    public void The_last_row_needs_no_padding()
    {
        Assert.Equal(6, RgbImage.FromRgb(new byte[103], 1, 2, stride: 100).Pixels.Length);
        Assert.Throws<ArgumentException>(() => RgbImage.FromRgb(new byte[102], 1, 2, stride: 100));
    }
}
