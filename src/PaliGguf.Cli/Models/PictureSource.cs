using PaliGguf.Imaging;
using PaliGguf.Imaging.Frames;

namespace PaliGguf.Cli.Models;

/// <summary>The pictures of a prompt, before they are read.</summary>
/// <param name="Most">How many they will be at most, for which the context has room.</param>
/// <param name="ReadAsync">Reads them.</param>
internal sealed record PictureSource(int Most, Func<ImageLimits, CancellationToken, Task<RgbImage[]>> ReadAsync)
{
    /// <summary>Files of one picture each, in their order.</summary>
    public static PictureSource Files(IReadOnlyList<string> paths) => new(paths.Count, (limits, cancellationToken) => PictureReader.ReadAsync(paths, limits, cancellationToken));

    /// <summary>Evenly spaced frames of a video, an animation or a folder of pictures.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="count">How many frames; all, where there are fewer.</param>
    public static PictureSource Frames(string path, int count) => new(
        count,
        async (limits, cancellationToken) =>
            [.. (await FrameSource.LoadAsync(PicturePath.Of(path), new FrameOptions { Count = count, Limits = limits }, cancellationToken)).Pictures]);
}
