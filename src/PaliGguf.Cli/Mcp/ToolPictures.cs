using PaliGguf.Hosting.Pictures;
using PaliGguf.Imaging;
using PaliGguf.Imaging.Frames;

namespace PaliGguf.Cli.Mcp;

/// <summary>Reads the pictures that calls are about: files in the allowed folders, or what came with the call.</summary>
internal sealed class ToolPictures(AllowedFolders folders, ImageLimits limits, int most)
{
    private const int MostFiles = 256;
    private const int UsualFrames = 16;

    /// <summary>Reads the one picture of a call.</summary>
    /// <inheritdoc cref="ReadAsync(PictureArguments, CancellationToken)" path="/exception"/>
    public async Task<RgbImage[]> ReadOneAsync(PictureArguments arguments, CancellationToken cancellationToken) =>
        [await ReadAsync(arguments, cancellationToken)];

    /// <summary>Reads the pictures of a call that may be about several.</summary>
    /// <inheritdoc cref="ReadAsync(PictureArguments, CancellationToken)" path="/exception"/>
    public async Task<RgbImage[]> ReadSomeAsync(PromptArguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Paths is not { Count: > 0 } paths) return await ReadOneAsync(arguments, cancellationToken);
        if (arguments.Path is not null || arguments.Image is not null)
            throw new FieldException("paths", "Give one picture, as 'path' or 'image', or several as 'paths'.");
        RequireRoom("paths", paths.Count);
        List<RgbImage> pictures = [];
        foreach (string path in paths) pictures.Add(await ReadAsync(path, cancellationToken));
        return [.. pictures];
    }

    /// <summary>Reads frames of a video.</summary>
    /// <exception cref="UnauthorizedAccessException">The file is not in an allowed folder.</exception>
    /// <exception cref="ImageException">It is missing, no video, or over a limit, or ffmpeg is not there.</exception>
    public async Task<RgbImage[]> ReadFramesAsync(VideoArguments arguments, CancellationToken cancellationToken)
    {
        string file = folders.Resolve(arguments.Path);
        // A folder's pictures may be links that lead elsewhere.
        if (Directory.Exists(file)) throw new FieldException("path", $"{arguments.Path}: this is a folder; name a video, or its pictures to generate_text.");
        int count = arguments.Frames ?? Math.Min(UsualFrames, most);
        if (count is < 1 or > 256) throw FieldException.Expected("frames", "a number from 1 to 256");
        RequireRoom("frames", count);
        await (await Task.Run(() => folders.Open(arguments.Path), cancellationToken)).DisposeAsync();
        return [.. (await FrameSource.LoadAsync(file, new FrameOptions { Count = count, Limits = limits }, cancellationToken)).Pictures];
    }

    /// <summary>The files that paths name, and the pictures in the folders that they name.</summary>
    /// <exception cref="FieldException">There are none, or too many.</exception>
    /// <exception cref="UnauthorizedAccessException">One is not in an allowed folder.</exception>
    public IReadOnlyList<string> Files(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        string[] files = [.. paths.SelectMany(path =>
            folders.Resolve(path) is var real && Directory.Exists(real) ? PictureFolder.Files(real, cancellationToken) : [path]).Take(MostFiles + 1)];
        if (files.Length == 0) throw FieldException.Missing("paths", "a list of files and folders");
        return files.Length <= MostFiles ? files
            : throw new FieldException("paths", $"paths: there are more than {MostFiles} pictures; name fewer, or use 'paligguf batch'.");
    }

    /// <summary>Reads a picture.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UnauthorizedAccessException">The file is not in an allowed folder.</exception>
    /// <exception cref="ImageException">It is missing, no picture, or over a limit.</exception>
    public async ValueTask<RgbImage> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using FileStream file = await Task.Run(() => folders.Open(path), cancellationToken);
        return await ImageFile.LoadAsync(file, limits, name: path, cancellationToken: cancellationToken);
    }

    /// <summary>Reads a picture.</summary>
    /// <exception cref="FieldException">There is none, or two, or its base64 is malformed.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is not in an allowed folder.</exception>
    /// <exception cref="ImageException">It is missing, no picture, or over a limit.</exception>
    public async Task<RgbImage> ReadAsync(PictureArguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Path is null == arguments.Image is null)
        {
            throw new FieldException("path",
                "Give one picture: either 'path', a file that the server may read, or 'image', the picture itself in base64.");
        }

        if (arguments.Path is not { } path || InlineImage.IsDataUrl(path))
        {
            string image = arguments.Image ?? arguments.Path!;
            return await Task.Run(() => ImageFile.Load(Decode(image), limits, cancellationToken: cancellationToken),
                cancellationToken);
        }

        return await ReadAsync(path, cancellationToken);
    }

    private void RequireRoom(string place, int count)
    {
        if (count > most)
        {
            throw new FieldException(place, $"{place}: these are {count} pictures, and there is room for {most}: name fewer, or start the server with "
                + $"--images {count}.");
        }
    }

    private byte[] Decode(string image)
    {
        if (image.Length / 4 * 3L > limits.MaxBytes)
            throw new FieldException("image", $"image has more bytes than the limit of {limits.MaxBytes}: make the picture smaller.");
        try
        {
            return InlineImage.Decode(image);
        }
        catch (FormatException malformed)
        {
            throw new FieldException("image", $"image {malformed.Message}");
        }
    }
}
