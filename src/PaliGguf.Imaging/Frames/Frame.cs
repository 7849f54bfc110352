namespace PaliGguf.Imaging.Frames;

/// <summary>One picture of a video, an animation or a folder.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Index">Which one it is in its source, from 0.</param>
/// <param name="Timestamp">When it is shown, from the first one on; null where the source does not tell.</param>
/// <param name="File">The file it lies in, in a folder; null otherwise.</param>
public sealed record Frame(RgbImage Picture, int Index, TimeSpan? Timestamp = null, string? File = null);

/// <summary>What frames come from.</summary>
public enum FrameSourceKind
{
    /// <summary>A single picture.</summary>
    Picture,

    /// <summary>The pictures of a folder, in natural order of their names.</summary>
    Folder,

    /// <summary>An animated GIF or WebP.</summary>
    Animation,

    /// <summary>A video file.</summary>
    Video,
}

/// <summary>Frames in the order of time, evenly spaced over their source.</summary>
/// <param name="Kind">What they come from.</param>
/// <param name="SourceFrames">How many frames the source has.</param>
/// <param name="Frames">The frames that were chosen, at least one.</param>
public sealed record FrameSequence(FrameSourceKind Kind, int SourceFrames, IReadOnlyList<Frame> Frames)
{
    /// <summary>The pictures alone, as a model takes them.</summary>
    public IReadOnlyList<RgbImage> Pictures { get; } = Frames.Select(frame => frame.Picture).ToArray();
}
