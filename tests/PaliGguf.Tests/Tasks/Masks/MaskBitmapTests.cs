using PaliGguf.Tasks.Masks;

namespace PaliGguf.Tests.Tasks.Masks;

public sealed class MaskBitmapTests
{
    [Fact]
    public void The_bounds_go_from_the_first_pixel_to_one_past_the_last()
    {
        byte[] pixels = new byte[5 * 4];
        pixels[(1 * 5) + 3] = 1;
        pixels[(2 * 5) + 1] = 255;
        Assert.Equal(new PaliGguf.Tasks.PixelBox(1, 1, 4, 3), MaskBitmap.FromPixels(5, 4, pixels).Bounds);
        Assert.Null(MaskBitmap.FromPixels(5, 4, new byte[20]).Bounds);
    }

    [Fact]
    public void The_bounds_are_those_of_all_pixels_whatever_the_mask()
    {
        Random random = new(1);
        for (int run = 0; run < 200; run++)
        {
            int width = random.Next(1, 20), height = random.Next(1, 20);
            byte[] pixels = new byte[width * height];
            for (int i = random.Next(4); i > 0; i--) pixels[random.Next(pixels.Length)] = 1;
            MaskBitmap mask = MaskBitmap.FromPixels(width, height, pixels);
            (int X, int Y)[] inside = [.. from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) where mask[x, y] select (x, y)];
            PaliGguf.Tasks.PixelBox? expected = inside.Length == 0
                ? null
                : new(inside.Min(p => p.X), inside.Min(p => p.Y), inside.Max(p => p.X) + 1, inside.Max(p => p.Y) + 1);
            Assert.Equal(expected, mask.Bounds);
        }
    }
}
