using System.Buffers.Binary;
using PaliGguf.Imaging;

namespace PaliGguf.Page.Tests;

/// <summary>Pictures for the page.</summary>
internal static class Scenes
{
    /// <summary>A lion, two bicycles and a duck.</summary>
    public static string Bicycles { get; } = File("scene_04");

    /// <summary>A boat and a rocket.</summary>
    public static string Boat { get; } = File("scene_06");

    private static string File(string name) => Path.Combine(Repository.PaliNano, "samples", $"{name}.png");

    /// <summary>A file as a browser gets it.</summary>
    public static FilePayload Payload(string name, string type, byte[] content) => new() { Name = name, MimeType = type, Buffer = content };

    /// <summary>The lower three quarters of a picture, so that its sides differ.</summary>
    public static RgbImage Lower(RgbImage image)
    {
        int top = image.Height / 4;
        return RgbImage.FromRgb(image.Pixels[(3 * image.Width * top)..], image.Width, image.Height - top);
    }

    /// <summary>A JPEG as a camera on its side writes it: the pixels turned, and an EXIF orientation that turns them back.</summary>
    public static byte[] TurnedJpeg(RgbImage upright)
    {
        (int width, int height) = (upright.Width, upright.Height);
        byte[] turned = new byte[3 * width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                // Stored with the upper edge at the left: orientation 6 turns it by 90 degrees to the right.
                int target = ((width - 1 - x) * height) + y;
                upright.Pixels.Slice(3 * ((y * width) + x), 3).CopyTo(turned.AsSpan(3 * target));
            }
        }

        byte[] jpeg = ImageFile.Encode(RgbImage.FromRgb(turned, height, width), ImageFormat.Jpeg, quality: 95);
        // After the start marker: APP1 with a TIFF header and one entry, 0x0112 = 6.
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
        ];
        BinaryPrimitives.WriteUInt16BigEndian(exif.AsSpan(2), (ushort)(exif.Length - 2));
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }
}
