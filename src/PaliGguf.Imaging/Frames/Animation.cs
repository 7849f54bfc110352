using NetVips;
using PaliGguf.Imaging.Formats;
using PaliGguf.Imaging.Interop;

namespace PaliGguf.Imaging.Frames;

/// <summary>The frames of a GIF or WebP as they are seen, each laid over those before it, in one pass over the file.</summary>
internal static class Animation
{
    /// <summary>The most rows of an image of libvips (VIPS_MAX_COORD).</summary>
    private const int MaxRows = 10_000_000;

    public static FrameSequence Read(ReadOnlySpan<byte> encoded, ImageFormat format, string name, FrameOptions options, CancellationToken cancellationToken)
    {
        using VipsWork work = new();
        try
        {
            using FrameCanvas canvas = FrameCanvas.Of(encoded, format);
            return Read(canvas, encoded, format, name, options, cancellationToken);
        }
        catch (VipsException e)
        {
            throw VipsDecoder.Damaged(format, name, work.Reason(e));
        }
    }

    private static FrameSequence Read(
        FrameCanvas canvas,
        ReadOnlySpan<byte> encoded,
        ImageFormat format,
        string name,
        FrameOptions options,
        CancellationToken cancellationToken)
    {
        using Image header = canvas.Open();
        int width = header.Width, height = header.Height;
        options.Limits.CheckSize(name, width, height);
        int count = canvas.Count(header);
        Check(name, count, (long)width * height, options);

        int[] indices = FrameSampling.Indices(count, options.Count);
        TimeSpan[] starts = Starts(canvas.Delays(header), count);
        int orientation = StoredOrientation.Of(header, encoded, format), most = Math.Max(1, MaxRows / height);
        List<Frame> frames = [];
        for (int next = 0; next < indices.Length;)
        {
            int first = indices[next], pages = Math.Min(most, indices[^1] - first + 1);
            using Image strip = canvas.Open(first, pages);
            if (strip.Width != width || strip.Height != height * pages)
                throw VipsDecoder.Damaged(format, name, " (the frames differ in size)");
            using Image srgb = SrgbConversion.Apply(strip);
            VipsDecoder.CheckChannels(srgb, format, name);
            byte[] skipped = new byte[3 * width];
            for (int page = 0; page < pages; page++)
            {
                if (indices[next] != first + page)
                {
                    // One row is enough to decode the frame that the next ones build on.
                    VipsDecoder.ReadPixels(srgb, skipped, page * height, 1, canvas.Background, cancellationToken);
                    continue;
                }

                byte[] pixels = GC.AllocateUninitializedArray<byte>(3 * width * height);
                VipsDecoder.ReadPixels(srgb, pixels, page * height, height, canvas.Background, cancellationToken);
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

    /// <summary>When each frame begins, from the durations of those before it; empty if the file does not tell.</summary>
    private static TimeSpan[] Starts(ReadOnlySpan<int> milliseconds, int count)
    {
        if (count < 2 || milliseconds.Length < count) return [];
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
