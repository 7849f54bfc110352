using PaliGguf.Imaging.Drawing;
using PaliGguf.Vision;

namespace PaliGguf.Cli.Drawings;

/// <summary>The frames of a video beside and below each other, each with its number.</summary>
internal static class FrameSheet
{
    private const int LongestSide = 320;
    private const int Gap = 4;

    /// <summary>Above each row, for the numbers.</summary>
    private const int Header = 28;

    /// <summary>Writes the file; its ending names the format.</summary>
    public static void Save(IReadOnlyList<RgbImage> frames, string path)
    {
        RgbImage[] small = [.. frames.Select(Shrink)];
        int columns = (int)Math.Ceiling(Math.Sqrt(small.Length));
        int rows = (small.Length + columns - 1) / columns;
        int cellWidth = small.Max(frame => frame.Width) + Gap;
        int cellHeight = small.Max(frame => frame.Height) + Header;
        int width = columns * cellWidth;
        byte[] pixels = new byte[3 * width * rows * cellHeight];
        pixels.AsSpan().Fill(255);
        List<Annotation> numbers = [];
        for (int index = 0; index < small.Length; index++)
        {
            RgbImage frame = small[index];
            (int row, int column) = Math.DivRem(index, columns);
            (int left, int top) = (column * cellWidth, (row * cellHeight) + Header);
            for (int y = 0; y < frame.Height; y++)
            {
                frame.Pixels.Slice(3 * y * frame.Width, 3 * frame.Width).CopyTo(pixels.AsSpan(3 * (((top + y) * width) + left)));
            }

            numbers.Add(new Annotation($"{index + 1}", new AnnotationBox(left, top, left + frame.Width, top + frame.Height)));
        }

        RgbImage sheet = RgbImage.FromRgb(pixels, width, rows * cellHeight);
        new AnnotatedPicture(sheet, numbers, AnnotationStyle.Default with { ShowBoxes = false }).Save(path);
    }

    private static RgbImage Shrink(RgbImage frame)
    {
        double scale = Math.Min(1, (double)LongestSide / Math.Max(frame.Width, frame.Height));
        return Resampling.Resize(frame, Math.Max(1, (int)(frame.Width * scale)), Math.Max(1, (int)(frame.Height * scale)));
    }
}
