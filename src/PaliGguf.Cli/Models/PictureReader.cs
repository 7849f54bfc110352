using PaliGguf.Imaging;

namespace PaliGguf.Cli.Models;

/// <summary>Reads the pictures that a command line names.</summary>
internal static class PictureReader
{
    /// <summary>Stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Reads pictures one after the other.</summary>
    /// <exception cref="ImageException">One can not be read.</exception>
    public static async Task<RgbImage[]> ReadAsync(IReadOnlyList<string> paths, ImageLimits limits, CancellationToken cancellationToken)
    {
        RgbImage[] pictures = new RgbImage[paths.Count];
        for (int index = 0; index < pictures.Length; index++) pictures[index] = await ReadAsync(paths[index], limits, cancellationToken);
        return pictures;
    }

    /// <summary>Reads a picture's file as it is.</summary>
    /// <exception cref="ImageException">It can not be read, or is too large.</exception>
    public static async Task<byte[]> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (InlineImage.IsDataUrl(path)) return Decode(path);
            await using Stream file = path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(PicturePath.Of(path));
            return (await EncodedBuffer.ReadToEndAsync(file, ImageLimits.Default, path, cancellationToken)).Written.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ImageFile.Unreadable(path, e);
        }
    }

    private static async Task<RgbImage> ReadAsync(string path, ImageLimits limits, CancellationToken cancellationToken)
    {
        if (InlineImage.IsDataUrl(path))
            return await Task.Run(() => ImageFile.Load(Decode(path), limits, cancellationToken: cancellationToken), cancellationToken);
        if (path != StandardInput) return await ImageFile.LoadAsync(PicturePath.Of(path), limits, cancellationToken: cancellationToken);
        await using Stream input = Console.OpenStandardInput();
        return await ImageFile.LoadAsync(input, limits, name: "standard input", cancellationToken: cancellationToken);
    }

    private static byte[] Decode(string text)
    {
        try
        {
            return InlineImage.Decode(text);
        }
        catch (FormatException malformed)
        {
            throw new UsageException($"the picture {malformed.Message}");
        }
    }
}
