using PaliGguf.Imaging;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>A picture for measurements: the time a model takes does not depend on what is in it.</summary>
internal static class TestPicture
{
    private const int Width = 640;
    private const int Height = 480;

    /// <summary>A JPEG file.</summary>
    public static byte[] Create()
    {
        byte[] pixels = new byte[3 * Width * Height];
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                Span<byte> pixel = pixels.AsSpan(3 * ((y * Width) + x), 3);
                pixel[0] = (byte)(255 * x / Width);
                pixel[1] = (byte)(255 * y / Height);
                pixel[2] = (byte)(((x / 32) + (y / 32)) % 2 * 255);
            }
        }

        return ImageFile.Encode(RgbImage.FromRgb(pixels, Width, Height), ImageFormat.Jpeg);
    }
}
