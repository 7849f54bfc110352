using System.Buffers.Binary;

namespace PaliGguf.Imaging.Frames;

/// <summary>The kinds of video file that are handed to ffmpeg; playlists and scripts, which could make it open other files, are not among them.</summary>
internal static class VideoFormats
{
    /// <summary>How many bytes <see cref="IsVideo"/> wants to see.</summary>
    public const int HeaderLength = 4096;

    /// <summary>What ffmpeg calls the formats that it may read.</summary>
    public const string Demuxers = "mov,matroska,avi,mpegts,mpeg,mpegvideo,flv,ogg,asf";

    private const int TransportPacket = 188;

    /// <summary>Tells a video by its first bytes.</summary>
    public static bool IsVideo(ReadOnlySpan<byte> header)
    {
        if (header.Length < 12) return false;
        if (header.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3])) return true;
        if (header.StartsWith("RIFF"u8) && header[8..].StartsWith("AVI "u8)) return true;
        if (header.StartsWith("OggS"u8) || header.StartsWith("FLV\u0001"u8)) return true;
        if (header.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11])) return true;
        if (BinaryPrimitives.ReadUInt32BigEndian(header) is 0x1BA or 0x1B3) return true;
        if (header[0] == 0x47 && header.Length > 2 * TransportPacket && header[TransportPacket] == 0x47 && header[2 * TransportPacket] == 0x47) return true;
        ReadOnlySpan<byte> box = header[4..8];
        return (box.SequenceEqual("ftyp"u8) && !IsStill(header[8..12])) || box.SequenceEqual("moov"u8) || box.SequenceEqual("mdat"u8)
            || box.SequenceEqual("wide"u8);
    }

    private static bool IsStill(ReadOnlySpan<byte> brand) =>
        brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8) || brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8)
        || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8);
}
