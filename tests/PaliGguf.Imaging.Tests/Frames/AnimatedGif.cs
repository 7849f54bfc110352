namespace PaliGguf.Imaging.Tests.Frames;

/// <summary>Writes animated GIFs of four colours: 0 red, 1 green, 2 blue, 3 white.</summary>
internal sealed class AnimatedGif
{
    private readonly List<byte> _bytes = [];

    public AnimatedGif(int width, int height) =>
        _bytes.AddRange([.. "GIF89a"u8, .. Short(width), .. Short(height), 0x91, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);

    /// <summary>Adds a frame that covers a part with one colour and is left standing.</summary>
    public AnimatedGif Add(int colour, int left, int top, int width, int height, int hundredths = 10)
    {
        _bytes.AddRange([0x21, 0xF9, 4, 4, .. Short(hundredths), 0, 0, 0x2C, .. Short(left), .. Short(top), .. Short(width), .. Short(height), 0, 2]);

        // Three bits each: "clear" (4) before every pixel, so that codes never get longer, and "end" (5).
        List<byte> data = [];
        (int bits, int count) = (0, 0);
        for (int i = 0; i < width * height; i++)
        {
            Push(4);
            Push(colour);
        }

        Push(5);
        if (count > 0) data.Add((byte)bits);
        foreach (byte[] block in data.Chunk(255)) _bytes.AddRange([(byte)block.Length, .. block]);
        _bytes.Add(0);
        return this;

        void Push(int code)
        {
            bits |= code << count;
            for (count += 3; count >= 8; count -= 8)
            {
                data.Add((byte)bits);
                bits >>= 8;
            }
        }
    }

    public byte[] ToBytes() => [.. _bytes, 0x3B];

    private static byte[] Short(int value) => [(byte)value, (byte)(value >> 8)];
}
