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

    /// <summary>Soft, as photographs are, for which encoders are made.</summary>
    public static RgbImage Gradient(int width, int height)
    {
        byte[] pixels = new byte[3 * width * height];
        for (int index = 0; index < pixels.Length; index++) pixels[index] = (byte)((index % (3 * width) / 16) + (index / (3 * width) / 8) + (index % 3 * 40));
        return RgbImage.FromRgb(pixels, width, height);
    }
}
