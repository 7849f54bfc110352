using System.Globalization;

namespace PaliGguf.Imaging.Frames;

/// <summary>The frames of a video file, through the programs ffprobe and ffmpeg: one counts them, the other decodes those that are wanted.</summary>
internal static class VideoFile
{
    private const string Advice = "a video needs ffmpeg and ffprobe, which are not on the PATH; install ffmpeg "
        + "(apt-get install ffmpeg, brew install ffmpeg, winget install ffmpeg), or give a folder of pictures";

    public static async Task<FrameSequence> ReadAsync(string path, FrameOptions options, CancellationToken cancellationToken)
    {
        string? ffprobe = VideoTool.Find("ffprobe", options.SearchPath), ffmpeg = VideoTool.Find("ffmpeg", options.SearchPath);
        if (ffprobe is null || ffmpeg is null) throw new VideoDecoderException(path, Advice);
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.Timeout);
        try
        {
            VideoContent content = await ProbeAsync(ffprobe, path, options, timeout.Token).ConfigureAwait(false);
            int[] indices = FrameSampling.Indices(content.Count, options.Count);
            options.Limits.CheckSize(path, content.Width, content.Height);
            options.CheckTotal(path, (long)content.Width * content.Height * indices.Length);
            IReadOnlyList<Frame> frames = await DecodeAsync(ffmpeg, path, content, indices, options, timeout.Token).ConfigureAwait(false);
            return FrameSampling.Sequence(FrameSourceKind.Video, content.Count, frames, options);
        }
        catch (Exception) when (timeout.IsCancellationRequested)
        {
            // An ended program shows as a cut-off output as well.
            cancellationToken.ThrowIfCancellationRequested();
            throw new VideoDecoderException(path, $"reading the video took longer than the limit of {options.Timeout.TotalSeconds:0.###} seconds");
        }
    }

    /// <summary>Reads the size and when each frame is shown, without decoding.</summary>
    private static async Task<VideoContent> ProbeAsync(string ffprobe, string path, FrameOptions options, CancellationToken cancellationToken)
    {
        string[] arguments =
            ["-v", "error", .. Input(path), "-select_streams", "V:0", "-show_entries", "packet=pts_time,flags:stream=width,height", "-of", "csv"];
        using VideoTool tool = VideoTool.Start(ffprobe, arguments, path, cancellationToken);
        using StreamReader reader = new(tool.Output);
        List<double> times = [];
        (int width, int height) = (0, 0);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is string line)
        {
            string[] fields = line.Split(',');
            if (fields is ["packet", string time, string flags, ..] && !flags.Contains('D'))
            {
                times.Add(double.TryParse(time, CultureInfo.InvariantCulture, out double seconds) ? seconds : double.NaN);
                options.CheckFrames(path, times.Count);
            }
            else if (fields is ["stream", string columns, string rows, ..])
            {
                _ = int.TryParse(columns, CultureInfo.InvariantCulture, out width);
                _ = int.TryParse(rows, CultureInfo.InvariantCulture, out height);
            }
        }

        (bool succeeded, string complaint) = await tool.EndAsync(cancellationToken).ConfigureAwait(false);
        if (!succeeded) throw Damaged(path, complaint);
        if (times.Count == 0 || width < 1 || height < 1) throw new VideoDecoderException(path, "the file has no video in it");
        times.Sort();
        return new VideoContent(width, height, times);
    }

    private static async Task<IReadOnlyList<Frame>> DecodeAsync(
        string ffmpeg, string path, VideoContent content, int[] indices, FrameOptions options, CancellationToken cancellationToken)
    {
        string wanted = string.Join('+', indices.Select(index => string.Create(CultureInfo.InvariantCulture, $"eq(n,{index})")));

        // With times of their own at a constant rate, no frame is dropped or doubled to keep up with the video's.
        string[] arguments =
        [
            "-v", "error", "-nostdin", "-max_pixels", options.Limits.MaxPixels.ToString(CultureInfo.InvariantCulture), .. Input(path),
            "-map", "0:V:0", "-vf", $"select='{wanted}',settb=1/25,setpts=N", "-r", "25",
            "-frames:v", indices.Length.ToString(CultureInfo.InvariantCulture), "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "pipe:1",
        ];
        using VideoTool tool = VideoTool.Start(ffmpeg, arguments, path, cancellationToken);
        PixmapReader reader = new(tool.Output, path, options.Limits);
        List<Frame> frames = [];
        long pixels = 0;
        while (frames.Count < indices.Length && await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is RgbImage picture)
        {
            options.CheckTotal(path, pixels += (long)picture.Width * picture.Height);
            frames.Add(new Frame(picture, indices[frames.Count], content.Timestamp(indices[frames.Count])));
        }

        (bool succeeded, string complaint) = await tool.EndAsync(cancellationToken).ConfigureAwait(false);
        return succeeded && frames.Count > 0 ? frames : throw Damaged(path, complaint);
    }

    /// <summary>The file as a file, whatever its name looks like, in a known format, which may not open others.</summary>
    private static string[] Input(string path) =>
        ["-protocol_whitelist", "file", "-format_whitelist", VideoFormats.Demuxers, "-i", "file:" + Path.GetFullPath(path)];

    private static VideoDecoderException Damaged(string path, string complaint) => new(path, $"the video is damaged or not supported ({complaint})");

    /// <param name="Width">The width that the file states.</param>
    /// <param name="Height">The height that the file states.</param>
    /// <param name="Times">When each frame is shown in seconds, rising; not a number where unknown.</param>
    private sealed record VideoContent(int Width, int Height, IReadOnlyList<double> Times)
    {
        public int Count => Times.Count;

        public TimeSpan? Timestamp(int index)
        {
            double seconds = Times[index] - Times[0];
            return seconds is >= 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : null;
        }
    }
}
