namespace PaliGguf.Imaging.Formats;

/// <summary>The pixels of a Windows bitmap that are stored as runs of one number, or of two that take turns (RLE8, RLE4).</summary>
internal static class BmpRunLengths
{
    private const byte EndOfRow = 0, EndOfPicture = 1, Skip = 2;

    /// <summary>Numbers of the palette's entries, a byte each, in rows as of an uncompressed bitmap; 0 where nothing is stored.</summary>
    /// <exception cref="InvalidImageContentException">The runs end early, or lead out of the picture.</exception>
    public static byte[] Expand(ReadOnlySpan<byte> runs, BmpHeader header, string name, CancellationToken cancellationToken)
    {
        int width = header.Width, height = header.Height, stride = (width + 3) / 4 * 4, perByte = 8 / header.BitsPerPixel;
        byte[] rows = new byte[(long)stride * height];
        (int x, int y, int at) = (0, 0, 0);
        while (at + 1 < runs.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (byte count, byte value) = (runs[at], runs[at + 1]);
            at += 2;
            if (count > 0)
            {
                Paint(runs.Slice(at - 1, 1), count);
            }
            else if (value == EndOfPicture)
            {
                return rows;
            }
            else if (value == EndOfRow)
            {
                (x, y) = (0, y + 1);
            }
            else if (value == Skip)
            {
                if (at + 2 > runs.Length) break;
                (x, y, at) = (x + runs[at], y + runs[at + 1], at + 2);
                if (x > width || y >= height) throw BmpHeader.Damaged(name, "its runs lead out of the picture");
            }
            else
            {
                int bytes = (value + perByte - 1) / perByte;
                if (at + bytes > runs.Length) break;
                Paint(runs.Slice(at, bytes), value);
                at += (bytes + 1) / 2 * 2;
            }
        }

        // Many files leave the end of the picture to the end of the last row.
        return y >= height || (y == height - 1 && x >= width)
            ? rows : throw BmpHeader.Damaged(name, $"it ends early, in row {y + 1} of {height}");

        void Paint(ReadOnlySpan<byte> numbers, int count)
        {
            if (y >= height) throw BmpHeader.Damaged(name, "its runs lead out of the picture");

            // Runs of pairs are often one too long.
            int visible = Math.Min(count, width - x);
            for (int i = 0; i < visible; i++)
            {
                byte pair = numbers[i / perByte % numbers.Length];
                rows[(y * stride) + x + i] = perByte == 1 ? pair : (byte)(i % 2 == 0 ? pair >> 4 : pair & 0xF);
            }

            x += visible;
        }
    }
}
