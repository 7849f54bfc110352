using PaliGguf.Imaging.Formats;

namespace PaliGguf.Imaging;

public static partial class ImageFile
{
    private const int DefaultQuality = 90;

    /// <summary>
    /// Writes a picture to a file, in the format that the ending of its name asks for. The file appears when it is complete, or not at all.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <param name="path">The file: .png, .jpg, .jpeg, .webp, .gif, .tif, .tiff, .avif or .bmp. An existing one is replaced.</param>
    /// <param name="quality">1 to 100, for the lossy formats.</param>
    /// <exception cref="UnknownImageFormatException">The ending is another one.</exception>
    /// <exception cref="ImageException">The file can not be written, or the format can not hold a picture of this size.</exception>
    /// <exception cref="NativeLibraryException">libvips is missing or has a version that does not fit.</exception>
    public static void Save(RgbImage image, string path, int quality = DefaultQuality)
    {
        WriteWhole(path, EncodeFor(path, image, quality));
    }

    /// <summary>Writes a file that appears when it is complete, or not at all.</summary>
    /// <exception cref="ImageException">It can not be written.</exception>
    internal static void WriteWhole(string path, byte[] content, CancellationToken cancellationToken = default)
    {
        try
        {
            PendingFile.Write(path, content, cancellationToken);
        }
        catch (PaliException failure)
        {
            throw Unwritable(path, failure.InnerException ?? failure);
        }
    }

    /// <summary>Writes a picture to a file, as <see cref="Save(RgbImage, string, int)"/> does; does it on a thread of the pool.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="path">The file; its ending names the format. An existing one is replaced.</param>
    /// <param name="quality">1 to 100, for the lossy formats.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>A task that ends when the file is there.</returns>
    /// <inheritdoc cref="Save(RgbImage, string, int)" path="/exception"/>
    /// <exception cref="OperationCanceledException">It was cancelled; the file is not there, or as it was.</exception>
    public static Task SaveAsync(RgbImage image, string path, int quality = DefaultQuality, CancellationToken cancellationToken = default)
    {
        return Task.Run(() => WriteWhole(path, EncodeFor(path, image, quality), cancellationToken), cancellationToken);
    }

    /// <summary>Writes a picture to a stream, which stays open.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="stream">Where the encoded picture goes.</param>
    /// <param name="format">The format.</param>
    /// <param name="quality">1 to 100, for the lossy formats.</param>
    /// <exception cref="ImageException">The format can not hold a picture of this size.</exception>
    /// <exception cref="NativeLibraryException">libvips is missing or has a version that does not fit.</exception>
    public static void Save(RgbImage image, Stream stream, ImageFormat format, int quality = DefaultQuality)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(Encode(image, format, quality));
    }

    /// <summary>Writes a picture to a stream, which stays open; encodes it on a thread of the pool.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="stream">Where the encoded picture goes.</param>
    /// <param name="format">The format.</param>
    /// <param name="quality">1 to 100, for the lossy formats.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>A task that ends when all is written.</returns>
    /// <inheritdoc cref="Save(RgbImage, Stream, ImageFormat, int)" path="/exception"/>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task SaveAsync(
        RgbImage image, Stream stream, ImageFormat format, int quality = DefaultQuality, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] encoded = await Task.Run(() => Encode(image, format, quality), cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(encoded, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Encodes a picture in memory.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="format">The format.</param>
    /// <param name="quality">1 to 100, for the lossy formats.</param>
    /// <returns>The whole file.</returns>
    /// <exception cref="ImageException">The format can not hold a picture of this size.</exception>
    /// <exception cref="NativeLibraryException">libvips is missing or has a version that does not fit.</exception>
    public static byte[] Encode(RgbImage image, ImageFormat format, int quality = DefaultQuality) => Encode(image, format, quality, Unnamed);

    private static byte[] EncodeFor(string path, RgbImage image, int quality)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Encode(image, FormatDetection.FromExtension(path), quality, path);
    }

    private static byte[] Encode(RgbImage image, ImageFormat format, int quality, string name)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        return format == ImageFormat.Bmp ? BmpEncoder.Encode(image, name) : VipsEncoder.Encode(image, format, quality, name);
    }

    private static ImageException Unwritable(string path, Exception cause) => new(path, cause switch
    {
        _ when Directory.Exists(path) => "this is a folder",
        _ when !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))) => "the folder does not exist",
        UnauthorizedAccessException => "no permission to write this file",
        _ => $"the file can not be written ({cause.Message.ReplaceLineEndings(" ")})",
    }, cause);
}
