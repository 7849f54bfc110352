using PaliGguf.Imaging.Formats;
using PaliGguf.Imaging.Interop;

namespace PaliGguf.Imaging.Frames;

/// <summary>The frames of a GIF or WebP as they are seen, each laid over those before it, in one pass over the file.</summary>
internal static unsafe class Animation
{
    public static FrameSequence Read(ReadOnlySpan<byte> encoded, ImageFormat format, string name, FrameOptions options, CancellationToken cancellationToken)
    {
        fixed (byte* data = encoded)
        {
            try
            {
                return Read(data, encoded.Length, format, name, options, cancellationToken);
            }
            catch (VipsException e)
            {
                throw new InvalidImageContentException(
                    name, $"the {FormatDetection.DisplayName(format)} data is damaged or not supported ({e.Message})", e);
            }
        }
    }

    private static FrameSequence Read(
        byte* data, int length, ImageFormat format, string name, FrameOptions options, CancellationToken cancellationToken)
    {
        using SafeVipsObject header = VipsDecoder.Open(data, length, format);
        int width = Vips.vips_image_get_width(header), height = Vips.vips_image_get_height(header);
        options.Limits.CheckSize(name, width, height);
        int count = Number(header, Vips.VIPS_META_N_PAGES);
        Check(name, count, (long)width * height, options);

        int[] indices = FrameSampling.Indices(count, options.Count);
        TimeSpan[] starts = Starts(header, count);
        int orientation = Vips.vips_image_get_orientation(header), most = Math.Max(1, Vips.MaxRows / height);
        List<Frame> frames = [];
        for (int next = 0; next < indices.Length;)
        {
            int first = indices[next], pages = Math.Min(most, indices[^1] - first + 1);
            using SafeVipsObject strip = VipsDecoder.Open(data, length, format, first, pages);
            if (Vips.vips_image_get_width(strip) != width || Vips.vips_image_get_height(strip) != height * pages)
            {
                throw new VipsException("the frames differ in size");
            }

            using SafeVipsObject srgb = SrgbConversion.Apply(strip);
            if (Vips.vips_image_get_bands(srgb) < 3) throw new VipsException("the channels are not colours");
            byte[] skipped = new byte[3 * width];
            for (int page = 0; page < pages; page++)
            {
                if (indices[next] != first + page)
                {
                    // One row is enough to decode the frame that the next ones build on.
                    VipsDecoder.ReadPixels(srgb, skipped, width, page * height, 1, cancellationToken);
                    continue;
                }

                byte[] pixels = GC.AllocateUninitializedArray<byte>(3 * width * height);
                VipsDecoder.ReadPixels(srgb, pixels, width, page * height, height, cancellationToken);
                RgbImage picture = Orientation.Apply(new RgbImage(width, height, pixels), orientation);
                frames.Add(new Frame(picture, indices[next], starts.Length > 0 ? starts[indices[next]] : null));
                next++;
            }
        }

        return FrameSampling.Sequence(count > 1 ? FrameSourceKind.Animation : FrameSourceKind.Picture, count, frames, options);
    }

    private static void Check(string name, int count, long pixels, FrameOptions options)
    {
        options.CheckFrames(name, count);
        options.CheckTotal(name, pixels * Math.Min(count, options.Count));
        if (pixels * count > options.MaxAnimationPixels)
        {
            throw new ImageLimitException(
                name, $"{count} frames of {pixels} pixels are more than the limit of {options.MaxAnimationPixels / 1e6:0.######} million pixels in all");
        }
    }

    private static int Number(SafeVipsObject image, string property) =>
        Vips.vips_image_get_typeof(image, property) != 0 && Vips.vips_image_get_int(image, property, out int number) == 0 ? Math.Max(number, 1) : 1;

    /// <summary>When each frame begins, from the durations of those before it; empty if the file does not tell.</summary>
    private static TimeSpan[] Starts(SafeVipsObject image, int count)
    {
        if (count < 2 || Vips.vips_image_get_typeof(image, Vips.Delay) == 0) return [];
        if (Vips.vips_image_get_array_int(image, Vips.Delay, out int* milliseconds, out int length) != 0 || length < count) return [];
        TimeSpan[] starts = new TimeSpan[count];
        long now = 0;
        for (int i = 0; i < count; i++)
        {
            starts[i] = TimeSpan.FromMilliseconds(now);
            now += Math.Max(0, milliseconds[i]);
        }

        return starts;
    }
}
