using PaliGguf.Imaging.Formats;

namespace PaliGguf.Imaging.Frames;

/// <summary>
/// Evenly spaced frames from a folder of pictures, an animated GIF or WebP, or a video file. The first frame is always taken, and then every
/// (length / count)th: PaliGemma's own evaluation takes frames from the first on at a constant stride as well. What a file is, is told by its content.
/// </summary>
public static class FrameSource
{
    /// <summary>Reads frames.</summary>
    /// <param name="path">
    /// A folder (its pictures in natural order of names: 2 before 10), an animation, a video (for which the programs ffmpeg and ffprobe must be on the
    /// PATH), or a single picture, which is one frame.
    /// </param>
    /// <param name="options">How many frames, and the limits; <see cref="FrameOptions.Default"/> when null.</param>
    /// <param name="cancellationToken">Ends the call early, and with it the programs that it has started.</param>
    /// <returns>The frames in the order of time: as many as asked for, or all where there are fewer.</returns>
    /// <exception cref="VideoDecoderException">ffmpeg is not installed, or refuses the video, or takes too long.</exception>
    /// <exception cref="UnknownImageFormatException">The file is neither a picture nor a video.</exception>
    /// <exception cref="InvalidImageContentException">The file is damaged or cut off, or an animated PNG or AVIF.</exception>
    /// <exception cref="ImageLimitException">The file, a frame or all of them are over a limit.</exception>
    /// <exception cref="ImageException">The file or folder is missing or can not be read, or the folder holds no pictures.</exception>
    /// <exception cref="NativeLibraryException">libvips is missing or has a version that does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<FrameSequence> LoadAsync(string path, FrameOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= FrameOptions.Default;
        options.Check();
        cancellationToken.ThrowIfCancellationRequested();
        if (Directory.Exists(path)) return await PictureFolder.ReadAsync(path, options, cancellationToken).ConfigureAwait(false);
        byte[] header = await ReadHeaderAsync(path, cancellationToken).ConfigureAwait(false);
        if (VideoFormats.IsVideo(header)) return await VideoFile.ReadAsync(path, options, cancellationToken).ConfigureAwait(false);

        ImageFormat format = FormatDetection.Detect(header, path);
        byte[] encoded = await ReadAllAsync(path, options.Limits, cancellationToken).ConfigureAwait(false);
        return await Task.Run(
            () => format is ImageFormat.Gif or ImageFormat.WebP
                ? Animation.Read(encoded, format, path, options, cancellationToken)
                : SinglePicture.Read(encoded, format, path, options, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadHeaderAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            FileStream file = Open(path);
            await using (file.ConfigureAwait(false))
            {
                byte[] header = new byte[VideoFormats.HeaderLength];
                int read = await file.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                return header[..read];
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ImageFile.Unreadable(path, e);
        }
    }

    private static async Task<byte[]> ReadAllAsync(string path, ImageLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            FileStream file = Open(path);
            await using (file.ConfigureAwait(false))
            {
                return (await EncodedBuffer.ReadToEndAsync(file, limits, path, cancellationToken).ConfigureAwait(false)).Written.ToArray();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ImageFile.Unreadable(path, e);
        }
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
}
