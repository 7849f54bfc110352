using System.Buffers.Binary;
using PaliGguf.Gguf;

namespace PaliGguf.Imaging.Formats;

/// <summary>Tells formats by the first bytes of a file, or by the ending of its name.</summary>
internal static class FormatDetection
{
    public const string Readable = "JPEG, PNG, WebP, GIF, TIFF, AVIF and BMP are read";

    private const int MaxBrands = 64;

    /// <summary>The format of encoded data. Decoders see only data that this recognises.</summary>
    /// <exception cref="UnknownImageFormatException">It is none of the formats that are read.</exception>
    public static ImageFormat Detect(ReadOnlySpan<byte> data, string name) =>
        TryDetect(data) ?? throw Unknown(data, name);

    /// <summary>Whether encoded data is of a format that is read.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> data) => TryDetect(data) is not null;

    /// <summary>What encoded data is that is of no format that is read.</summary>
    public static UnknownImageFormatException Unknown(ReadOnlySpan<byte> data, string name) => new(name, $"{Describe(data)}; {Readable}");

    /// <summary>How a format is written in messages.</summary>
    public static string DisplayName(ImageFormat format) => format == ImageFormat.WebP ? "WebP" : format.ToString().ToUpperInvariant();

    /// <summary>The format that a file name asks for.</summary>
    /// <exception cref="UnknownImageFormatException">The ending is none of those that are written.</exception>
    public static ImageFormat FromExtension(string path)
    {
        string extension = Path.GetExtension(path);
        return extension.ToUpperInvariant() switch
        {
            ".JPG" or ".JPEG" => ImageFormat.Jpeg,
            ".PNG" => ImageFormat.Png,
            ".WEBP" => ImageFormat.WebP,
            ".GIF" => ImageFormat.Gif,
            ".TIF" or ".TIFF" => ImageFormat.Tiff,
            ".AVIF" => ImageFormat.Avif,
            ".BMP" => ImageFormat.Bmp,
            _ => throw new UnknownImageFormatException(
                path, $"the ending '{extension}' names no format that is written; these do: .png .jpg .jpeg .webp .gif .tif .tiff .avif .bmp"),
        };
    }

    private static ImageFormat? TryDetect(ReadOnlySpan<byte> data)
    {
        if (data.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return ImageFormat.Jpeg;
        if (data.StartsWith(PngSignature)) return ImageFormat.Png;
        if (data.StartsWith("GIF87a"u8) || data.StartsWith("GIF89a"u8)) return ImageFormat.Gif;
        if (data.Length >= 12 && data.StartsWith("RIFF"u8) && data[8..].StartsWith("WEBP"u8)) return ImageFormat.WebP;
        if (IsTiff(data)) return ImageFormat.Tiff;
        if (HasBrand(data, "avif"u8, "avis"u8)) return ImageFormat.Avif;
        return data.StartsWith("BM"u8) && data.Length >= BmpDecoder.FileHeaderLength ? ImageFormat.Bmp : null;
    }

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static bool IsTiff(ReadOnlySpan<byte> data) =>
        data.StartsWith("II*\0"u8) || data.StartsWith("MM\0*"u8) || data.StartsWith("II+\0"u8) || data.StartsWith("MM\0+"u8);

    /// <summary>Whether the data is of the family of HEIF files and lists one of two brands.</summary>
    private static bool HasBrand(ReadOnlySpan<byte> data, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (data.Length < 16 || !data[4..].StartsWith("ftyp"u8)) return false;
        long boxLength = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(data), data.Length);
        for (int offset = 8, brands = 0; offset + 4 <= boxLength && brands < MaxBrands; offset += 4, brands++)
        {
            // The four bytes after the first brand are a version.
            ReadOnlySpan<byte> brand = data.Slice(offset, 4);
            if (offset != 12 && (brand.SequenceEqual(one) || brand.SequenceEqual(other))) return true;
        }

        return false;
    }

    private static string Describe(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty) return "the file is empty";
        if (PlaceholderFile.Describe(data) is { } placeholder) return placeholder;
        if (data.StartsWith("%PDF"u8)) return "this is a PDF document, not an image";
        if (HasBrand(data, "heic"u8, "heix"u8)) return "this is a HEIC image, which is not read";
        if (data.Length >= 8 && data[4..].StartsWith("ftyp"u8)) return "this is a video or an image container that is not read";
        if (IsJpegXl(data)) return "this is a JPEG XL image, which is not read";
        if (data.StartsWith("GGUF"u8)) return "this is a GGUF model, not an image";
        if (data.StartsWith("PK"u8)) return "this is a zip archive or an office document, not an image";
        if (!LooksLikeText(data)) return "this is no image of a known format";
        string start = System.Text.Encoding.Latin1.GetString(data[..Math.Min(data.Length, 1024)]);
        if (start.Contains("<svg", StringComparison.OrdinalIgnoreCase)) return "this is an SVG drawing, which is not read";
        if (start.Contains("<html", StringComparison.OrdinalIgnoreCase) || start.Contains("<!doctype html", StringComparison.OrdinalIgnoreCase))
        {
            return "this is a web page, not an image";
        }

        return "this is text, not an image";
    }

    private static bool IsJpegXl(ReadOnlySpan<byte> data) =>
        data.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || (data.Length >= 8 && data[4..].StartsWith("JXL "u8));

    private static bool LooksLikeText(ReadOnlySpan<byte> data)
    {
        foreach (byte b in data[..Math.Min(data.Length, 512)])
        {
            if (b < ' ' && b is not ((byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\f')) return false;
        }

        return true;
    }
}
