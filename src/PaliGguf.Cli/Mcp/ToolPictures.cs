using PaliGguf.Imaging;

namespace PaliGguf.Cli.Mcp;

/// <summary>Reads the pictures that calls are about: files in the allowed folders, or what came with the call.</summary>
internal sealed class ToolPictures(AllowedFolders folders)
{
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
            return await Task.Run(() => ImageFile.Load(Decode(image, ImageLimits.Default), cancellationToken: cancellationToken),
                cancellationToken);
        }

        await using FileStream file = await Task.Run(() => folders.Open(path), cancellationToken);
        return await ImageFile.LoadAsync(file, name: path, cancellationToken: cancellationToken);
    }

    private static byte[] Decode(string image, ImageLimits limits)
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
