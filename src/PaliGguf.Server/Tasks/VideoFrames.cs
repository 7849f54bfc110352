using PaliGguf.Imaging;
using PaliGguf.Imaging.Frames;
using PaliGguf.Server.Http;
using PaliGguf.Server.Pictures;

namespace PaliGguf.Server.Tasks;

/// <summary>Reads frames of videos that came with requests: from files, which ffmpeg needs, and which are gone afterwards.</summary>
internal sealed class VideoFrames(ServerOptions options)
{
    /// <summary>The field that a video is in.</summary>
    public const string Field = "video";

    private const int Usual = 16;

    /// <summary>Reads evenly spaced frames.</summary>
    /// <param name="video">The video's file.</param>
    /// <param name="count">How many; null for as many as is usual and as there is room for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RejectionException">It is no video, or over a limit, or there are no means to read it.</exception>
    public async Task<RgbImage[]> ReadAsync(PictureFile video, int? count, CancellationToken cancellationToken)
    {
        int most = options.ModelOptions.ImagesPerPrompt;
        int frames = count ?? Math.Min(Usual, most);
        if (frames is < 1 or > 256) throw Rejection.Invalid("frames", "'frames' is 1 to 256.");
        if (frames > most)
            throw Rejection.Unprocessable("too_many_frames", $"There is room for {most} pictures (--images), and these are {frames} frames.", "frames");
        string path = Path.Combine(Path.GetTempPath(), $"paligguf-{Guid.NewGuid():N}.video");
        try
        {
            await using (FileStream file = new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous }))
                await file.WriteAsync(video.Bytes, cancellationToken);
            FrameOptions wanted = new()
            {
                Count = frames,
                Limits = new ImageLimits { MaxPixels = options.MaxPixels },
                MaxTotalPixels = 2 * options.MaxPixels,
                MaxAnimationPixels = 20 * options.MaxPixels,
                Timeout = options.Deadline,
            };
            return [.. (await FrameSource.LoadAsync(path, wanted, cancellationToken)).Pictures];
        }
        catch (ImageException failure)
        {
            // Where it lay for a while is nobody's business.
            string problem = failure.Problem.Replace($"file:{path}", Field, StringComparison.Ordinal).Replace(path, Field, StringComparison.Ordinal);
            throw failure switch
            {
                UnknownImageFormatException => Rejection.WrongType($"{Field}: {problem}", Field),
                ImageLimitException limit => Rejection.Unprocessable("picture_too_large", $"{Field}: {PictureAdvice.Of(limit)}", Field),
                _ => Rejection.Unprocessable("invalid_video", $"{Field}: {problem}", Field),
            };
        }
        finally
        {
            File.Delete(path);
        }
    }
}
