using System.Globalization;
using System.Xml;
using NetVips;

namespace PaliGguf.Imaging.Formats;

/// <summary>How a picture says it has to be turned: in EXIF, or in XMP where EXIF says nothing of it, as in Pillow.</summary>
internal static class StoredOrientation
{
    private const string Turned = "orientation", Exif = "exif-ifd0-Orientation", Xmp = "xmp-data";
    private const string TiffNamespace = "http://ns.adobe.com/tiff/1.0/";
    private const int MaxPacket = 1 << 20;
    private const int OrientationTag = 274;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        ConformanceLevel = ConformanceLevel.Fragment,
    };

    /// <summary>The orientation, 1 to 8 as in EXIF; 1 where the file tells none.</summary>
    /// <param name="image">The picture as libvips opens it.</param>
    /// <param name="encoded">The whole file.</param>
    /// <param name="format">Its format.</param>
    public static int Of(Image image, ReadOnlySpan<byte> encoded, ImageFormat format)
    {
        if (format == ImageFormat.Png)
        {
            PngMetadata png = PngMetadata.Read(encoded);
            return png.Orientation ?? FromXmp(png.Xmp);
        }

        int orientation = image.Contains(Turned) ? (int)image.Get(Turned) : 1;

        // An AVIF is turned by its container, whatever EXIF and XMP say.
        bool isTold = format switch
        {
            ImageFormat.Avif => true,
            ImageFormat.Tiff => new TiffDirectory(encoded, "").Values(OrientationTag).Length > 0,
            _ => image.Contains(Exif),
        };
        return orientation != 1 || isTold || !image.Contains(Xmp) ? orientation : FromXmp((byte[])image.Get(Xmp));
    }

    /// <summary>Reads tiff:Orientation from a packet of XMP; 1 where it is not there, or the packet is damaged.</summary>
    internal static int FromXmp(byte[]? packet)
    {
        if (packet is null or { Length: > MaxPacket }) return 1;
        try
        {
            using MemoryStream stream = new(packet);
            using XmlReader reader = XmlReader.Create(stream, Settings);
            while (reader.Read())
            {
                if (reader.NodeType != XmlNodeType.Element) continue;
                string? value = reader.GetAttribute("Orientation", TiffNamespace);
                bool isElement = reader.LocalName == "Orientation" && reader.NamespaceURI == TiffNamespace;
                if (value is null && isElement) value = reader.ReadElementContentAsString();
                if (value is not null) return int.TryParse(value, CultureInfo.InvariantCulture, out int orientation) ? orientation : 1;
            }
        }
        catch (XmlException)
        {
            // A damaged packet tells nothing.
        }

        return 1;
    }
}
