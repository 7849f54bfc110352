using System.Buffers.Binary;

namespace PaliGguf.Imaging.Formats;

/// <summary>The little that is asked of an embedded ICC colour profile here.</summary>
internal static class IccProfile
{
    private const int HeaderLength = 128;
    private const int TagLength = 12;
    private const int MaxTags = 256;

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
