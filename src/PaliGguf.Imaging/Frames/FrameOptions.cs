namespace PaliGguf.Imaging.Frames;

/// <summary>How many frames are taken, and how much work a source may make.</summary>
public sealed record FrameOptions
{
    /// <summary>16 frames, within limits that fit short videos.</summary>
    public static FrameOptions Default { get; } = new();

    /// <summary>How many frames, 1 to 256. The models were trained with 16.</summary>
    public int Count { get; init; } = 16;

    /// <summary>
    /// Whether a source with fewer frames is begun again until there are enough, as the models' own evaluation does (video_replicate_img in big_vision).
    /// Otherwise each frame is taken once.
    /// </summary>
    public bool RepeatWhenShort { get; init; }

    /// <summary>How large each frame, and an encoded picture or animation, may be. Video files may have any length.</summary>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    /// <summary>The most pixels of all chosen frames together; three bytes each are held in memory.</summary>
    public long MaxTotalPixels { get; init; } = 400_000_000;

    /// <summary>The most frames of a source, or pictures in a folder.</summary>
    public int MaxSourceFrames { get; init; } = 1_000_000;

    /// <summary>The most pixels of all frames of an animation together, chosen or not: each has to be decoded to show the next.</summary>
    public long MaxAnimationPixels { get; init; } = 4_000_000_000;

    /// <summary>The longest time that reading a video may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The folders to search for ffmpeg and ffprobe, in the form of the PATH variable; null for that variable itself.</summary>
    public string? SearchPath { get; init; }

    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Limits);
        if (Count is < 1 or > 256) throw new ArgumentOutOfRangeException(nameof(Count), Count, "1 to 256 frames can be taken.");
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromDays(1))
        {
            throw new ArgumentOutOfRangeException(nameof(Timeout), Timeout, "A time limit lies between 0 and a day.");
        }
    }

    internal void CheckFrames(string name, long frames)
    {
        if (frames > MaxSourceFrames) throw new ImageLimitException(name, $"more frames than the limit of {MaxSourceFrames}");
    }

    internal void CheckTotal(string name, long pixels)
    {
        if (pixels > MaxTotalPixels)
        {
            throw new ImageLimitException(
                name, $"the frames together have {pixels / 1e6:0.######} million pixels, more than the limit of {MaxTotalPixels / 1e6:0.######} million; take fewer");
        }
    }
}
