using PaliGguf.Tests;

namespace PaliGguf.Imaging.Tests;

/// <summary>The committed image files, which Pictures/make_pictures.py wrote, and what they show.</summary>
internal static class Picture
{
    public const int BlocksWidth = 24, BlocksHeight = 16;

    public static string Path(string name) => System.IO.Path.Combine(Repository.Root, "tests", "PaliGguf.Imaging.Tests", "Pictures", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path(name));

    /// <summary>Red, green over blue, white with a black corner at the bottom right.</summary>
    public static RgbImage Blocks()
    {
        byte[] pixels = new byte[3 * BlocksWidth * BlocksHeight];
        for (int y = 0; y < BlocksHeight; y++)
        {
            for (int x = 0; x < BlocksWidth; x++)
            {
                (int red, int green, int blue) = (x >= BlocksWidth / 2, y >= BlocksHeight / 2) switch
                {
                    (true, true) when x >= BlocksWidth - 4 && y >= BlocksHeight - 4 => (0, 0, 0),
                    (false, false) => (255, 0, 0),
                    (true, false) => (0, 255, 0),
                    (false, true) => (0, 0, 255),
                    _ => (255, 255, 255),
                };
                int at = 3 * ((y * BlocksWidth) + x);
                (pixels[at], pixels[at + 1], pixels[at + 2]) = ((byte)red, (byte)green, (byte)blue);
            }
        }

        return RgbImage.FromRgb(pixels, BlocksWidth, BlocksHeight);
    }

    public static RgbImage Noise(int width, int height, int seed = 1)
    {
        byte[] pixels = new byte[3 * width * height];
        new Random(seed).NextBytes(pixels);
        return RgbImage.FromRgb(pixels, width, height);
    }

    /// <summary>A smooth picture, which lossy formats keep well.</summary>
    public static RgbImage Gradient(int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++)
        {
            pixels[3 * i] = (byte)(255 * (i % width) / width);
            pixels[(3 * i) + 1] = (byte)(255 * (i / width) / height);
            pixels[(3 * i) + 2] = 100;
        }

        return RgbImage.FromRgb(pixels, width, height);
    }

    public static (byte Red, byte Green, byte Blue) Pixel(RgbImage image, int x, int y)
    {
        ReadOnlySpan<byte> pixel = image.Pixels.Slice(3 * ((y * image.Width) + x), 3);
        return (pixel[0], pixel[1], pixel[2]);
    }

    public static void AssertPixels(byte[] expected, RgbImage actual) => Assert.Equal(expected, actual.Pixels.ToArray());

    public static void AssertSame(RgbImage expected, RgbImage actual, int tolerance = 0)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        int worst = 0;
        for (int i = 0; i < expected.Pixels.Length; i++) worst = Math.Max(worst, Math.Abs(expected.Pixels[i] - actual.Pixels[i]));
        Assert.InRange(worst, 0, tolerance);
    }
}
