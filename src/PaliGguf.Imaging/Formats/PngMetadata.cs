using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace PaliGguf.Imaging.Formats;

/// <summary>
/// EXIF and XMP of a PNG, wherever they stand, and whether it is animated: programs write them after the pixels too, where libvips does not
/// look, and EXIF also as text of hexadecimal digits.
/// </summary>
internal struct PngMetadata
{
    private const int MaxText = 1 << 20, SignatureLength = 8, ChunkFrame = 12, HeaderEnd = 24;

    /// <summary>The orientation that EXIF tells, and null where it tells none.</summary>
    public int? Orientation { get; private set; }

    /// <summary>The packet of XMP, and null where there is none.</summary>
    public byte[]? Xmp { get; private set; }

    /// <summary>How many frames the PNG says that it has as an animation (acTL); 0 where it is none.</summary>
    public uint Frames { get; private set; }

    /// <summary>Checks the size that the header states; one that is not there is left to libvips.</summary>
    /// <exception cref="ImageException">There are no pixels, or too many.</exception>
    public static void CheckSize(ReadOnlySpan<byte> file, ImageLimits limits, string name)
    {
        if (file.Length < HeaderEnd || !file[12..].StartsWith("IHDR"u8)) return;
        uint width = BinaryPrimitives.ReadUInt32BigEndian(file[16..]), height = BinaryPrimitives.ReadUInt32BigEndian(file[20..]);
        VipsDecoder.CheckSize(ImageFormat.Png, width, height, limits, name);
    }

    /// <summary>Goes through the chunks. What is damaged tells nothing.</summary>
    public static PngMetadata Read(ReadOnlySpan<byte> file)
    {
        PngMetadata found = default;
        int? fromText = null;
        for (int at = SignatureLength; at <= file.Length - ChunkFrame;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - ChunkFrame) break;
            ReadOnlySpan<byte> type = file.Slice(at + 4, 4), content = file.Slice(at + 8, (int)length);
            if (type.SequenceEqual("eXIf"u8)) found.Orientation ??= ExifOrientation(content);
            else if (type.SequenceEqual("acTL"u8) && content.Length >= 4) found.Frames = BinaryPrimitives.ReadUInt32BigEndian(content);
            else if (Text(type, content, "XML:com.adobe.xmp"u8) is { } packet) found.Xmp ??= packet;
            else if (Text(type, content, "Raw profile type exif"u8) is { } digits) fromText ??= ExifOrientation(FromDigits(digits));
            at += ChunkFrame + (int)length;
        }

        found.Orientation ??= fromText;
        return found;
    }

    private static int? ExifOrientation(ReadOnlySpan<byte> exif)
    {
        if (exif.StartsWith("Exif\0\0"u8)) exif = exif[6..];
        if (exif.Length < 8) return null;
        try
        {
            return (int)new TiffDirectory(exif, "EXIF").First(274, -1) is >= 0 and int orientation ? orientation : null;
        }
        catch (InvalidImageContentException)
        {
            return null;
        }
    }

    /// <summary>The text of a chunk under a keyword; null for other chunks and keywords.</summary>
    private static byte[]? Text(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content, ReadOnlySpan<byte> keyword)
    {
        if (!content.StartsWith(keyword) || content.Length <= keyword.Length || content[keyword.Length] != 0) return null;
        ReadOnlySpan<byte> rest = content[(keyword.Length + 1)..];
        if (type.SequenceEqual("tEXt"u8)) return rest.Length <= MaxText ? rest.ToArray() : null;
        if (type.SequenceEqual("zTXt"u8)) return rest.IsEmpty ? null : Inflated(rest[1..]);
        if (!type.SequenceEqual("iTXt"u8) || rest.Length < 2) return null;
        bool compressed = rest[0] == 1;
        rest = rest[2..];

        // The language, and the keyword in that language.
        for (int i = 0; i < 2; i++)
        {
            int end = rest.IndexOf((byte)0);
            if (end < 0) return null;
            rest = rest[(end + 1)..];
        }

        return compressed ? Inflated(rest) : rest.Length <= MaxText ? rest.ToArray() : null;
    }

    private static byte[]? Inflated(ReadOnlySpan<byte> data)
    {
        try
        {
            using MemoryStream packed = new(data.ToArray());
            using ZLibStream stream = new(packed, CompressionMode.Decompress);
            byte[] text = new byte[MaxText];
            int length = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return length < text.Length ? text[..length] : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>ImageMagick's form: a line for the kind, one for the length, and then digits.</summary>
    private static byte[] FromDigits(byte[] text)
    {
        const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        string[] lines = Encoding.Latin1.GetString(text).Split('\n', Trimmed);
        string digits = string.Concat(lines.Skip(2));
        return digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : [];
    }
}
