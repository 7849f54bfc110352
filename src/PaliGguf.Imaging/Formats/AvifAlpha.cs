using System.Buffers.Binary;
using NetVips;

namespace PaliGguf.Imaging.Formats;

/// <summary>
/// Whether the colours of an AVIF are stored multiplied with the opacity, which libvips does not tell: its primary item refers by "prem" to the
/// item that is the opacity (ISO/IEC 23000-22, 7.3.5.2; boxes and references: ISO/IEC 14496-12, 4.2, 8.11.4 and 8.11.12).
/// </summary>
internal static class AvifAlpha
{
    private const int BoxHeader = 8, LongBoxHeader = 16, FullBoxHeader = 4;

    /// <summary>The image with the colours that are meant; the given one stays the caller's.</summary>
    /// <param name="image">The picture as libvips opens it.</param>
    /// <param name="file">The whole file.</param>
    public static Image DividedOut(Image image, ReadOnlySpan<byte> file)
    {
        if (!image.HasAlpha() || !IsPremultiplied(file)) return image.Copy();
        using Image divided = image.Unpremultiply();
        using Image rounded = divided.Rint();
        return rounded.Cast(image.Format);
    }

    /// <summary>Whether the file says so. What is damaged says nothing.</summary>
    internal static bool IsPremultiplied(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> meta = Content(file, "meta"u8);
        if (meta.Length < FullBoxHeader) return false;
        meta = meta[FullBoxHeader..];
        return Identifier(Content(meta, "pitm"u8), out uint primary) && RefersToOpacity(Content(meta, "iref"u8), primary);
    }

    private static bool RefersToOpacity(ReadOnlySpan<byte> references, uint primary)
    {
        if (references.Length < FullBoxHeader) return false;
        int width = references[0] == 0 ? sizeof(ushort) : sizeof(uint);
        BoxReader boxes = new(references[FullBoxHeader..]);
        while (boxes.Next())
        {
            if (boxes.Type.SequenceEqual("prem"u8) && boxes.Content.Length >= width && Number(boxes.Content, width) == primary) return true;
        }

        return false;
    }

    private static bool Identifier(ReadOnlySpan<byte> box, out uint identifier)
    {
        identifier = 0;
        if (box.Length < FullBoxHeader) return false;
        int width = box[0] == 0 ? sizeof(ushort) : sizeof(uint);
        if (box.Length < FullBoxHeader + width) return false;
        identifier = Number(box[FullBoxHeader..], width);
        return true;
    }

    private static uint Number(ReadOnlySpan<byte> bytes, int width) =>
        width == sizeof(ushort) ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    /// <summary>The content of the first box of a type; empty where there is none.</summary>
    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type)
    {
        BoxReader boxes = new(file);
        while (boxes.Next())
        {
            if (boxes.Type.SequenceEqual(type)) return boxes.Content;
        }

        return default;
    }

    /// <summary>Goes through boxes that follow each other.</summary>
    private ref struct BoxReader(ReadOnlySpan<byte> boxes)
    {
        private ReadOnlySpan<byte> _rest = boxes;

        public ReadOnlySpan<byte> Type { get; private set; }

        public ReadOnlySpan<byte> Content { get; private set; }

        public bool Next()
        {
            if (_rest.Length < BoxHeader) return false;
            ulong length = BinaryPrimitives.ReadUInt32BigEndian(_rest);
            int header = BoxHeader;
            if (length == 1)
            {
                if (_rest.Length < LongBoxHeader) return false;
                length = BinaryPrimitives.ReadUInt64BigEndian(_rest[BoxHeader..]);
                header = LongBoxHeader;
            }
            else if (length == 0)
            {
                // To the end of the file.
                length = (ulong)_rest.Length;
            }

            if (length < (ulong)header || length > (ulong)_rest.Length) return false;
            Type = _rest.Slice(4, 4);
            Content = _rest[header..(int)length];
            _rest = _rest[(int)length..];
            return true;
        }
    }
}
