using System.Buffers.Binary;
using NetVips;

namespace PaliGguf.Imaging.Formats;

/// <summary>The little that is asked of an embedded ICC colour profile here.</summary>
internal static class IccProfile
{
    private const int HeaderLength = 128;
    private const int TagLength = 12;
    private const int MaxTags = 256;

    /// <summary>Whether the profile is of the colours that a picture has: libvips would take any three channels for those of Lab.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="image">The picture.</param>
    public static bool Fits(ReadOnlySpan<byte> profile, Image image)
    {
        if (profile.Length < HeaderLength) return false;
        ReadOnlySpan<byte> space = profile[16..20];
        return image.Interpretation == Enums.Interpretation.Cmyk ? space.SequenceEqual("CMYK"u8)
            : space.SequenceEqual(image.Bands < 3 ? "GRAY"u8 : "RGB "u8);
    }

    /// <summary>Whether the profile's own description says sRGB. Damaged profiles do not.</summary>
    public static bool IsSrgb(ReadOnlySpan<byte> profile)
    {
        if (profile.Length < HeaderLength + 4) return false;
        uint tags = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(profile[HeaderLength..]), MaxTags);
        ReadOnlySpan<byte> table = profile[(HeaderLength + 4)..];
        for (int i = 0; i < tags && (i + 1) * TagLength <= table.Length; i++)
        {
            ReadOnlySpan<byte> tag = table.Slice(i * TagLength, TagLength);
            if (!tag.StartsWith("desc"u8)) continue;
            uint offset = BinaryPrimitives.ReadUInt32BigEndian(tag[4..]), length = BinaryPrimitives.ReadUInt32BigEndian(tag[8..]);
            if (offset > profile.Length || length > profile.Length - offset) return false;
            ReadOnlySpan<byte> description = profile.Slice((int)offset, (int)length);
            return description.IndexOf("sRGB"u8) >= 0 || description.IndexOf("\0s\0R\0G\0B"u8) >= 0;
        }

        return false;
    }
}
