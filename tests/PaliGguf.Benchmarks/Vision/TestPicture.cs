using PaliGguf.Vision;

namespace PaliGguf.Benchmarks.Vision;

/// <summary>Pictures of any size, the same in every run.</summary>
internal static class TestPicture
{
    public static RgbImage Noise(int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        new Random(1).NextBytes(pixels);
        return RgbImage.FromRgb(pixels, width, height);
    }
}
