namespace PaliGguf.Imaging.Frames;

/// <summary>
/// Which frames are taken: from the first one on, at a constant stride, as PaliGemma's own evaluation of videos does (big_vision's transfers, for example
/// configs/proj/paligemma/transfers/msrvtt_cap.py: 16 frames, deterministic start, stride set for the data set). Here the stride is the source's length
/// divided by the count, so that the whole of it is covered: frame number i of n is the source's frame floor(i * length / n).
/// </summary>
internal static class FrameSampling
{
    /// <summary>The numbers of different frames, rising.</summary>
    public static int[] Indices(int sourceFrames, int count) =>
        Enumerable.Range(0, Math.Min(sourceFrames, count)).Select(i => sourceFrames <= count ? i : (int)((long)i * sourceFrames / count)).ToArray();

    /// <summary>A sequence of what was read, begun again as often as asked for.</summary>
    public static FrameSequence Sequence(FrameSourceKind kind, int sourceFrames, IReadOnlyList<Frame> frames, FrameOptions options) => new(
        kind, sourceFrames, options.RepeatWhenShort ? Enumerable.Range(0, options.Count).Select(i => frames[i % frames.Count]).ToArray() : frames);
}
