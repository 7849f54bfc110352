using PaliGguf.Imaging;
using PaliGguf.Vision;

namespace PaliGguf.Cli.Models;

/// <summary>Reads the pictures that a command line names.</summary>
internal static class PictureReader
{
    /// <summary>Stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Reads pictures one after the other.</summary>
    /// <exception cref="ImageException">One can not be read.</exception>
    public static async Task<RgbImage[]> ReadAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        RgbImage[] pictures = new RgbImage[paths.Count];
        for (int index = 0; index < pictures.Length; index++) pictures[index] = await ReadAsync(paths[index], cancellationToken);
        return pictures;
    }

    /// <summary>Reads a picture's file as it is.</summary>
    /// <exception cref="ImageException">It can not be read, or is too large.</exception>
    public static async Task<byte[]> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream file = path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
            using MemoryStream content = new();
            byte[] piece = new byte[1 << 16];
            while (await file.ReadAsync(piece, cancellationToken) is > 0 and int read)
            {
                if (content.Length + read > ImageLimits.Default.MaxBytes) throw new ImageLimitException(path, $"the file has more bytes than the limit of {ImageLimits.Default.MaxBytes}");
                content.Write(piece, 0, read);
            }

            return content.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException(path, $"the file can not be read ({e.Message})", e);
        }
    }

    private static async Task<RgbImage> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (path != StandardInput) return await ImageFile.LoadAsync(path, cancellationToken: cancellationToken);
        await using Stream input = Console.OpenStandardInput();
        return await ImageFile.LoadAsync(input, name: "standard input", cancellationToken: cancellationToken);
    }
}
