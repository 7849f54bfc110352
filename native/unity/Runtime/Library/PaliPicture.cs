using System;

namespace PaliGguf.Unity
{
    /// <summary>Pixels for the time of a call: the library copies them.</summary>
    public readonly ref struct PaliPicture
    {
        public PaliPicture(ReadOnlySpan<byte> pixels, int width, int height, PaliPixels format, bool bottomUp)
        {
            Pixels = pixels;
            Width = width;
            Height = height;
            Format = format;
            IsBottomUp = bottomUp;
        }

        /// <summary>8 bits a channel, sRGB, rows without a gap.</summary>
        public ReadOnlySpan<byte> Pixels { get; }

        public int Width { get; }

        public int Height { get; }

        public PaliPixels Format { get; }

        /// <summary>Whether the lowest row comes first, as in the textures of Unity.</summary>
        public bool IsBottomUp { get; }

        internal long Stride => (IsBottomUp ? -1L : 1L) * Width * (Format == PaliPixels.Rgb ? 3 : 4);
    }

    /// <summary>PALI_RGB and so on of paligguf.h.</summary>
    public enum PaliPixels
    {
        Rgb = 1,
        Rgba = 2,
        Bgra = 3,
    }
}
