using System.Buffers.Binary;
using NetVips;

namespace PaliGguf.Imaging.Formats;

/// <summary>
/// An encoded picture or animation for libvips, and what is seen where its frames leave the canvas open. libvips tells such parts from
/// painted ones only in a GIF that has transparency somewhere: one that has none is given a first frame of one transparent pixel, which
/// is not shown.
/// </summary>
internal sealed class FrameCanvas : IDisposable
{
    private readonly ImageFormat _format;
    private readonly Source _source;
    private readonly int _hidden;
    private readonly bool _opaque;

    private FrameCanvas(ImageFormat format, ReadOnlySpan<byte> encoded, int hidden, Rgb background, bool opaque)
    {
        (_format, _hidden, _opaque, Background) = (format, hidden, opaque, background);
        _source = Source.NewFromMemory(encoded);
    }

    /// <summary>What lies below transparent parts.</summary>
    public Rgb Background { get; }

    /// <summary>Looks at a whole file.</summary>
    /// <exception cref="VipsException">It is damaged.</exception>
    public static FrameCanvas Of(ReadOnlySpan<byte> encoded, ImageFormat format)
    {
        if (format == ImageFormat.Gif && GifScreen.Read(encoded) is { IsPartlyCovered: true } screen && !HasAlpha(encoded, format))
        {
            ReadOnlySpan<byte> frame = TransparentPixel;
            byte[] patched = [.. encoded[..screen.End], .. frame, .. encoded[screen.End..]];
            return new FrameCanvas(format, patched, 1, screen.Background, opaque: false);
        }

        return new FrameCanvas(format, encoded, 0, Rgb.White, format == ImageFormat.WebP && IsOpaqueAnimation(encoded));
    }

    /// <summary>Reads the header. Pixels are decoded when they are asked for.</summary>
    /// <param name="page">Of an animation, the first frame that is read.</param>
    /// <param name="pages">Of an animation, how many frames are read; the image has them one below the other.</param>
    /// <exception cref="VipsException">The data is damaged.</exception>
    public Image Open(int page = 0, int pages = 1)
    {
        Image image = VipsDecoder.Open(_source, _format, page + _hidden, pages);
        if (!_opaque || image.Bands < 4) return image;

        // Open parts are then black, as libwebp itself has them.
        using (image) return image.ExtractBand(0, n: 3);
    }

    /// <summary>How many frames an image says there are.</summary>
    public int Count(Image image) => image.Contains("n-pages") ? Math.Max(1, (int)image.Get("n-pages") - _hidden) : 1;

    /// <summary>How long each frame is shown, in milliseconds; empty if the file does not tell.</summary>
    public ReadOnlySpan<int> Delays(Image image) =>
        image.Contains("delay") && image.Get("delay") is int[] delays && delays.Length > _hidden ? delays.AsSpan(_hidden) : [];

    public void Dispose() => _source.Dispose();

    private static ReadOnlySpan<byte> TransparentPixel =>
        [0x21, 0xF9, 4, 1, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0];

    private static bool HasAlpha(ReadOnlySpan<byte> encoded, ImageFormat format)
    {
        using Source source = Source.NewFromMemory(encoded);
        using Image image = VipsDecoder.Open(source, format);
        return image.HasAlpha();
    }

    /// <summary>Whether the extended header of a WebP says that it is animated and without alpha.</summary>
    private static bool IsOpaqueAnimation(ReadOnlySpan<byte> webp) =>
        webp.Length > 20 && webp[12..].StartsWith("VP8X"u8) && (webp[20] & 0x12) == 0x02;

    /// <summary>What the start of a GIF says of the canvas.</summary>
    private sealed record GifScreen(int End, bool IsPartlyCovered, Rgb Background)
    {
        private const int HeaderLength = 13;

        /// <summary>
        /// Reads up to the first frame; null where there is none. Without a colour for it, open parts are white, as on a page.
        /// </summary>
        public static GifScreen? Read(ReadOnlySpan<byte> gif)
        {
            if (gif.Length < HeaderLength) return null;
            int end = HeaderLength + ((gif[10] & 0x80) == 0 ? 0 : 3 << ((gif[10] & 7) + 1)), colour = HeaderLength + (3 * gif[11]);
            if (end > gif.Length) return null;
            Rgb background = colour + 3 > end ? Rgb.White : new Rgb(gif[colour], gif[colour + 1], gif[colour + 2]);
            for (int at = end; at + 10 <= gif.Length; at = AfterBlocks(gif, at + 2))
            {
                if (gif[at] == 0x2C) return new GifScreen(end, !Covers(gif, at + 1), background);
                if (gif[at] != 0x21) return null;
            }

            return null;
        }

        private static bool Covers(ReadOnlySpan<byte> gif, int frame) =>
            (Short(gif, frame), Short(gif, frame + 2)) == (0, 0) && Short(gif, frame + 4) >= Short(gif, 6)
                && Short(gif, frame + 6) >= Short(gif, 8);

        private static int AfterBlocks(ReadOnlySpan<byte> gif, int at)
        {
            while (at < gif.Length && gif[at] != 0) at += 1 + gif[at];
            return at + 1;
        }

        private static int Short(ReadOnlySpan<byte> gif, int at) => BinaryPrimitives.ReadUInt16LittleEndian(gif[at..]);
    }
}

/// <summary>A colour of 8 bits a channel.</summary>
internal readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    public static Rgb White => new(byte.MaxValue, byte.MaxValue, byte.MaxValue);
}
