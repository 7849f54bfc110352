using System.Runtime.InteropServices;

namespace PaliGguf.Imaging.Formats;

/// <summary>Turns a picture the way its EXIF orientation says it was taken.</summary>
internal static class Orientation
{
    private const int Tile = 32;

    /// <summary>Turns and mirrors.</summary>
    /// <param name="image">The picture as stored.</param>
    /// <param name="orientation">1 to 8 as in EXIF; 1 and all other numbers leave the picture as it is.</param>
    public static RgbImage Apply(RgbImage image, int orientation)
    {
        if (orientation is < 2 or > 8) return image;
        int width = image.Width, height = image.Height;

        // Where the stored picture's first pixel goes, and how far apart its neighbours to the right and below are then.
        (int origin, int right, int down) = orientation switch
        {
            2 => (width - 1, -1, width),
            3 => ((width * height) - 1, -1, -width),
            4 => (width * (height - 1), 1, -width),
            5 => (0, height, 1),
            6 => (height - 1, height, -1),
            7 => ((width * height) - 1, -height, -1),
            _ => (height * (width - 1), -height, 1),
        };

        byte[] pixels = GC.AllocateUninitializedArray<byte>(image.Pixels.Length);
        ReadOnlySpan<Pixel> source = MemoryMarshal.Cast<byte, Pixel>(image.Pixels);
        Span<Pixel> target = MemoryMarshal.Cast<byte, Pixel>(pixels.AsSpan());

        // Tile by tile, so that both pictures stay in the cache when rows become columns.
        for (int top = 0; top < height; top += Tile)
        {
            for (int left = 0; left < width; left += Tile)
            {
                for (int y = top; y < Math.Min(top + Tile, height); y++)
                {
                    for (int x = left; x < Math.Min(left + Tile, width); x++) target[origin + (x * right) + (y * down)] = source[(y * width) + x];
                }
            }
        }

        return orientation < 5 ? new RgbImage(width, height, pixels) : new RgbImage(height, width, pixels);
    }

    private readonly record struct Pixel(byte Red, byte Green, byte Blue);
}
