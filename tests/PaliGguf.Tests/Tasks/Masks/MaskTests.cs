using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Tests.Tasks.Masks;

public sealed class MaskTests
{
    /// <summary>Inside in the left half.</summary>
    private static readonly float[] LeftHalf = [.. Enumerable.Range(0, 64 * 64).Select(cell => cell % 64 < 32 ? 1f : -1f)];

    [Fact]
    public void The_bitmap_has_the_size_of_the_box_in_whole_pixels()
    {
        Mask mask = new(LeftHalf, new PixelBox(10.4f, 20.6f, 30.4f, 25.4f), imageWidth: 100, imageHeight: 50);
        Assert.Equal((10, 21, 20, 4), (mask.Left, mask.Top, mask.Width, mask.Height));
        MaskBitmap bitmap = mask.ToBitmap();
        Assert.Equal((20, 4, 40), (bitmap.Width, bitmap.Height, bitmap.Area));
        Assert.True(bitmap[9, 0] && !bitmap[10, 0]);
    }

    [Fact]
    public void In_the_picture_the_mask_lies_where_the_box_is()
    {
        Mask mask = new(LeftHalf, new PixelBox(10, 20, 30, 24), imageWidth: 100, imageHeight: 50);
        MaskBitmap picture = mask.ToImageBitmap();
        Assert.Equal((100, 50, 40), (picture.Width, picture.Height, picture.Area));
        Assert.True(picture[10, 20] && picture[19, 23] && !picture[20, 20] && !picture[9, 20] && !picture[10, 19] && !picture[10, 24]);
        Assert.Equal(picture.ToRunLengths().Runs.AsEnumerable(), mask.ToRunLengths().Runs);
        Assert.Equal(Assert.Single(picture.ToPolygons(0)).Outer.AsEnumerable(), Assert.Single(mask.ToPolygons(0)).Outer);
        Assert.Equal(4, Assert.Single(mask.ToPolygons(0)).Outer.Length);
    }

    [Theory]
    [InlineData(0f, 0f, 0.2f, 0.2f, 0, 0, 1, 1)]
    [InlineData(99.8f, 49.9f, 100f, 50f, 99, 49, 1, 1)]
    [InlineData(-5f, -5f, 200f, 200f, 0, 0, 100, 50)]
    public void A_box_has_at_least_one_pixel_and_none_outside_the_picture(float left, float top, float right, float bottom, int x, int y, int width, int height)
    {
        Mask mask = new(LeftHalf, new PixelBox(left, top, right, bottom), imageWidth: 100, imageHeight: 50);
        Assert.Equal((x, y, width, height), (mask.Left, mask.Top, mask.Width, mask.Height));
        Assert.Equal(5000, mask.ToImageBitmap().Pixels.Length);
    }

    [Fact]
    public void A_box_outside_the_picture_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Mask(LeftHalf, new PixelBox(100, 0, 120, 10), imageWidth: 100, imageHeight: 50));

    [Fact]
    public void Enlarging_interpolates_between_the_centres_of_cells()
    {
        // Two cells of 1 and -3 whose centres are 8 pixels apart: zero is a quarter of the way from the first to the second.
        float[] logits = [.. Enumerable.Range(0, 64 * 64).Select(cell => cell % 64 == 0 ? 1f : -3f)];
        MaskBitmap bitmap = new Mask(logits, new PixelBox(0, 0, 512, 64), 512, 64).ToBitmap();
        Assert.Equal(Enumerable.Repeat((byte)1, 6), bitmap.Pixels[..6].ToArray());
        Assert.Equal(6 * 64, bitmap.Area);
    }

    [Fact]
    public void Shrinking_averages_over_all_cells_that_a_pixel_covers()
    {
        // Fine stripes, three of four cells outside: sampling single cells would find some inside.
        float[] logits = [.. Enumerable.Range(0, 64 * 64).Select(cell => cell % 4 == 0 ? 1f : -1f)];
        Assert.Equal(0, new Mask(logits, new PixelBox(0, 0, 8, 8), 8, 8).ToBitmap().Area);
    }

    [Fact]
    public void A_bitmap_as_a_picture_is_white_inside()
    {
        RgbImage image = MaskBitmap.FromPixels(2, 1, [7, 0]).ToImage();
        Assert.Equal([255, 255, 255, 0, 0, 0], image.Pixels.ToArray());
    }
}
