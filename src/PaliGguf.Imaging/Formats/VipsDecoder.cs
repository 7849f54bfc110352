using NetVips;
using PaliGguf.Imaging.Interop;

namespace PaliGguf.Imaging.Formats;

/// <summary>Encoded data to pixels, through libvips: size first, then colours, then strip by strip, then the orientation.</summary>
internal static class VipsDecoder
{
    // Each strip is an array of its own: from 85,000 bytes on the garbage collector treats them as large, which takes more time than
    // decoding.
    private const int StripBytes = 80_000;

    // libvips may keep every row of a strip as a tile of its own and searches all of them for each: time grows with the square.
    private const int MaxStripRows = 256;

    /// <summary>Decodes a whole file of a format that <see cref="FormatDetection"/> has told.</summary>
    /// <exception cref="ImageException">The picture is too large or damaged.</exception>
    public static RgbImage Decode(
        ReadOnlySpan<byte> encoded, ImageFormat format, ImageLimits limits, string name, CancellationToken cancellationToken)
    {
        using VipsWork work = new();
        try
        {
            if (format == ImageFormat.Png) PngMetadata.CheckSize(encoded, limits, name);
            TiffSamples? samples = format == ImageFormat.Tiff ? TiffSamples.Read(encoded, limits, name) : null;
            using FrameCanvas canvas = FrameCanvas.Of(samples is null ? encoded : samples.Readable(encoded), format);
            using Image image = canvas.Open();
            limits.CheckSize(name, image.Width, image.Height);
            int orientation = StoredOrientation.Of(image, encoded, format);
            samples = samples?.WithoutEmptyAlpha(encoded, cancellationToken);
            samples?.CheckRange(encoded, cancellationToken);
            using Image meant = samples?.Apply(image) ?? (format == ImageFormat.Avif ? AvifAlpha.DividedOut(image, encoded) : image.Copy());
            using Image srgb = SrgbConversion.Apply(meant);
            CheckChannels(srgb, format, name);
            byte[] pixels = GC.AllocateUninitializedArray<byte>(3 * image.Width * image.Height);
            ReadPixels(srgb, pixels, 0, image.Height, canvas.Background, cancellationToken);
            return Orientation.Apply(new RgbImage(image.Width, image.Height, pixels), orientation);
        }
        catch (VipsException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Damaged(format, name, work.Reason(e));
        }
    }

    /// <summary>The error for data that libvips does not read.</summary>
    /// <param name="format">The format that the data has.</param>
    /// <param name="name">What messages call the picture.</param>
    /// <param name="reason">Empty, or " (reason)".</param>
    internal static InvalidImageContentException Damaged(ImageFormat format, string name, string reason) =>
        new(name, $"the {FormatDetection.DisplayName(format)} data is damaged or not supported{reason}");

    /// <summary>Checks the size that a header states before libvips looks at it, which does not tell what is wrong with one.</summary>
    /// <exception cref="InvalidImageContentException">There are no pixels.</exception>
    /// <exception cref="ImageLimitException">There are too many.</exception>
    internal static void CheckSize(ImageFormat format, long width, long height, ImageLimits limits, string name)
    {
        if (width < 1 || height < 1) throw Damaged(format, name, $" (its size is {width} x {height})");
        limits.CheckSize(name, width, height);
    }

    /// <summary>Makes sure that colours came out.</summary>
    /// <exception cref="InvalidImageContentException">Something else did.</exception>
    internal static void CheckChannels(Image srgb, ImageFormat format, string name)
    {
        if (srgb.Bands < 3) throw Damaged(format, name, " (the channels are not colours)");
    }

    /// <summary>Reads the header. Pixels are decoded when they are asked for.</summary>
    /// <param name="source">The whole file.</param>
    /// <param name="format">Its format.</param>
    /// <param name="page">Of an animation, the first frame that is read.</param>
    /// <param name="pages">Of an animation, how many frames are read; the image has them one below the other.</param>
    internal static Image Open(Source source, ImageFormat format, int page = 0, int pages = 1)
    {
        const Enums.Access OnePass = Enums.Access.Sequential;
        const Enums.FailOn Damage = Enums.FailOn.Error;
        return format switch
        {
            ImageFormat.Jpeg => Image.JpegloadSource(source, access: OnePass, failOn: Damage),
            ImageFormat.Png => Image.PngloadSource(source, access: OnePass, failOn: Damage),
            ImageFormat.WebP => Image.WebploadSource(source, page: page, n: pages, access: OnePass, failOn: Damage),
            ImageFormat.Gif => Image.GifloadSource(source, page: page, n: pages, access: OnePass, failOn: Damage),
            ImageFormat.Tiff => Image.TiffloadSource(source, access: OnePass, failOn: Damage),
            ImageFormat.Avif => Image.HeifloadSource(source, access: OnePass, failOn: Damage),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips does not read this format."),
        };
    }

    /// <summary>Computes rows of an image. Rows must be asked for from the top to the bottom.</summary>
    internal static void ReadPixels(
        Image image, Span<byte> pixels, int firstRow, int height, Rgb background, CancellationToken cancellationToken)
    {
        int width = image.Width, channels = image.Bands;
        int stripRows = Math.Clamp(StripBytes / (width * channels), 1, MaxStripRows);
        using Region region = Region.New(image);
        for (int top = 0; top < height; top += stripRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int rows = Math.Min(stripRows, height - top);
            byte[] strip = region.Fetch(0, firstRow + top, width, rows);
            Span<byte> target = pixels.Slice(3 * width * top, 3 * width * rows);
            if (channels == 3) strip.CopyTo(target);
            else Flatten(strip, channels, target, background);
        }
    }

    private static void Flatten(ReadOnlySpan<byte> source, int channels, Span<byte> target, Rgb background)
    {
        for (int from = 0, to = 0; to < target.Length; from += channels, to += 3)
        {
            int alpha = source[from + 3];
            target[to] = Over(source[from], alpha, background.Red);
            target[to + 1] = Over(source[from + 1], alpha, background.Green);
            target[to + 2] = Over(source[from + 2], alpha, background.Blue);
        }
    }

    private static byte Over(int value, int alpha, int below) =>
        (byte)(((value * alpha) + (below * (byte.MaxValue - alpha)) + (byte.MaxValue / 2)) / byte.MaxValue);
}
