using PaliGguf.Imaging.Formats;

namespace PaliGguf.Imaging;

/// <summary>
/// Image files and streams to pictures in memory. JPEG, PNG, WebP, GIF, TIFF, AVIF and BMP are read; the kind is told by the content,
/// never by the name. What comes out is upright (by EXIF, or by XMP where EXIF tells nothing), sRGB with 8 bits, and transparent parts
/// lie on white. A file that does not tell what its samples mean is refused. Files may be hostile: only these decoders are reachable,
/// limits are checked before decoding, and a damaged file is an error, not a half-grey picture. All members may be called from any number
/// of threads.
/// </summary>
public static partial class ImageFile
{
    private const string Unnamed = "image";

    /// <summary>Reads a picture from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How large it may be; <see cref="ImageLimits.Default"/> when null.</param>
    /// <param name="cancellationToken">Ends the call early, between strips of the picture.</param>
    /// <returns>The picture.</returns>
    /// <exception cref="UnknownImageFormatException">The file is not one of the formats that are read.</exception>
    /// <exception cref="InvalidImageContentException">The file is damaged or cut off.</exception>
    /// <exception cref="ImageLimitException">The file or the picture is over a limit.</exception>
    /// <exception cref="ImageException">The file is missing or can not be read.</exception>
    /// <exception cref="NativeLibraryException">libvips is missing or has a version that does not fit.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RgbImage Load(string path, ImageLimits? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        limits ??= ImageLimits.Default;
        EncodedBuffer encoded;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
            encoded = EncodedBuffer.ReadToEnd(file, limits, path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }

        return Decode(encoded.Written, limits, path, cancellationToken);
    }

    /// <summary>Reads a picture from a file; decodes it on a thread of the pool.</summary>
    /// <inheritdoc cref="Load(string, ImageLimits?, CancellationToken)" path="/param|/returns|/exception"/>
    public static async Task<RgbImage> LoadAsync(string path, ImageLimits? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        limits ??= ImageLimits.Default;
        EncodedBuffer encoded;
        try
        {
            FileStream file = new(
                path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                encoded = await EncodedBuffer.ReadToEndAsync(file, limits, path, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }

        return await Task.Run(() => Decode(encoded.Written, limits, path, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a picture from the rest of a stream, which need not be seekable and stays open.</summary>
    /// <param name="stream">The encoded picture.</param>
    /// <param name="limits">How large it may be; <see cref="ImageLimits.Default"/> when null.</param>
    /// <param name="name">What error messages call the picture.</param>
    /// <param name="cancellationToken">Ends the call early, between strips of the picture.</param>
    /// <returns>The picture.</returns>
    /// <exception cref="UnknownImageFormatException">The data is not one of the formats that are read.</exception>
    /// <exception cref="InvalidImageContentException">The data is damaged or cut off.</exception>
    /// <exception cref="ImageLimitException">The data or the picture is over a limit.</exception>
    /// <exception cref="NativeLibraryException">libvips is missing or has a version that does not fit.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RgbImage Load(Stream stream, ImageLimits? limits = null, string name = Unnamed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= ImageLimits.Default;
        return Decode(EncodedBuffer.ReadToEnd(stream, limits, name, cancellationToken).Written, limits, name, cancellationToken);
    }

    /// <summary>
    /// Reads a picture from the rest of a stream, which need not be seekable and stays open; decodes it on a thread of the pool.
    /// </summary>
    /// <inheritdoc cref="Load(Stream, ImageLimits?, string, CancellationToken)" path="/param|/returns|/exception"/>
    public static async Task<RgbImage> LoadAsync(
        Stream stream, ImageLimits? limits = null, string name = Unnamed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= ImageLimits.Default;
        EncodedBuffer encoded = await EncodedBuffer.ReadToEndAsync(stream, limits, name, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Decode(encoded.Written, limits, name, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a picture from encoded bytes.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="limits">How large it may be; <see cref="ImageLimits.Default"/> when null.</param>
    /// <param name="name">What error messages call the picture.</param>
    /// <param name="cancellationToken">Ends the call early, between strips of the picture.</param>
    /// <inheritdoc cref="Load(Stream, ImageLimits?, string, CancellationToken)" path="/returns|/exception"/>
    public static RgbImage Load(
        ReadOnlySpan<byte> encoded, ImageLimits? limits = null, string name = Unnamed, CancellationToken cancellationToken = default)
    {
        limits ??= ImageLimits.Default;
        limits.CheckBytes(name, encoded.Length);
        return Decode(encoded, limits, name, cancellationToken);
    }

    private static RgbImage Decode(ReadOnlySpan<byte> encoded, ImageLimits limits, string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ImageFormat format = FormatDetection.Detect(encoded, name);
        return format == ImageFormat.Bmp
            ? BmpDecoder.Decode(encoded, limits, name, cancellationToken)
            : VipsDecoder.Decode(encoded, format, limits, name, cancellationToken);
    }

    /// <param name="name">What messages call the file.</param>
    /// <param name="cause">What happened when it was opened or read.</param>
    /// <param name="path">Where it is; null for its name.</param>
    internal static ImageException Unreadable(string name, Exception cause, string? path = null) => new(name, cause switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException when Directory.Exists(path ?? name) => "this is a folder, not an image file",
        UnauthorizedAccessException => "no permission to read this file",
        _ => $"the file can not be read ({cause.Message})",
    }, cause);
}
