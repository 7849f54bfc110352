using PaliGguf.Imaging;
using PaliGguf.Vision;

namespace PaliGguf.Cli.Mcp;

/// <summary>Reads the pictures that calls are about: files in the allowed folders, or what came with the call.</summary>
internal sealed class ToolPictures(AllowedFolders folders)
{
    private const string Base64Mark = ";base64,";

    /// <summary>Reads a picture.</summary>
    /// <exception cref="ArgumentException">There is none, or two, or its base64 is malformed.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is not in an allowed folder.</exception>
    /// <exception cref="ImageException">It is missing, no picture, or over a limit.</exception>
    public async Task<RgbImage> ReadAsync(PictureArguments arguments, CancellationToken cancellationToken)
    {
        switch (arguments)
        {
            case { Path: { } path, Image: null }:
                await using (FileStream file = await Task.Run(() => folders.Open(path), cancellationToken))
                {
                    return await ImageFile.LoadAsync(file, name: path, cancellationToken: cancellationToken);
                }

            case { Path: null, Image: { } image }:
                return await Task.Run(() => ImageFile.Load(Decode(image, ImageLimits.Default), cancellationToken: cancellationToken), cancellationToken);
            default:
                throw new ArgumentException("Give one picture: either 'path', a file that the server may read, or 'image', the picture itself in base64.");
        }
    }

    private static byte[] Decode(string image, ImageLimits limits)
    {
        ReadOnlySpan<char> base64 = image;
        if (image.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            int mark = image.IndexOf(Base64Mark, StringComparison.OrdinalIgnoreCase);
            if (mark < 0) throw new ArgumentException("The data URI in 'image' is not in base64: it begins like data:image/png;base64,");
            base64 = base64[(mark + Base64Mark.Length)..];
        }

        if (base64.Length / 4 * 3L > limits.MaxBytes) throw new ArgumentException($"The picture in 'image' has more bytes than the limit of {limits.MaxBytes}: make it smaller.");
        byte[] bytes = new byte[((base64.Length / 4) + 1) * 3];
        return Convert.TryFromBase64Chars(base64, bytes, out int written) ? bytes[..written] : throw new ArgumentException("What 'image' holds is no valid base64.");
    }
}
