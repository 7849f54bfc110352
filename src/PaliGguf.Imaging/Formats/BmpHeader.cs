using System.Buffers.Binary;
using System.Numerics;

namespace PaliGguf.Imaging.Formats;

/// <summary>What the two headers of a Windows bitmap say, checked against each other and against the file's length.</summary>
internal sealed record BmpHeader
{
    private const int CoreHeaderLength = 12;
    private const int MaxHeaderLength = 1024;
    private const int Uncompressed = 0, RunLengths8 = 1, RunLengths4 = 2, BitFields = 3, AlphaBitFields = 6;

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required bool RowsFromTop { get; init; }

    public required int BitsPerPixel { get; init; }

    /// <summary>Whether the pixels are stored as runs (<see cref="BmpRunLengths"/>).</summary>
    public required bool HasRunLengths { get; init; }

    /// <summary>Where the pixels start in the file.</summary>
    public required int PixelOffset { get; init; }

    /// <summary>Where the palette starts, how many colours it has and how many bytes each takes; nothing above 8 bits per pixel.</summary>
    public required (int Offset, int Colours, int EntryLength) Palette { get; init; }

    /// <summary>Which bits of a pixel are red, green, blue and alpha; only for 16 and 32 bits per pixel.</summary>
    public required (uint Red, uint Green, uint Blue, uint Alpha) Masks { get; init; }

    /// <summary>Bytes from one row to the next: whole groups of four.</summary>
    public int Stride => (int)((((long)Width * BitsPerPixel) + 31) / 32 * 4);

    /// <summary>Reads and checks both headers.</summary>
    /// <exception cref="ImageException">The header is damaged, of an unsupported kind, or describes too large a picture.</exception>
    public static BmpHeader Read(ReadOnlySpan<byte> file, ImageLimits limits, string name)
    {
        if (file.Length < BmpDecoder.FileHeaderLength + CoreHeaderLength) throw Damaged(name, "it ends inside the header");
        uint pixelOffset = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        ReadOnlySpan<byte> info = file[BmpDecoder.FileHeaderLength..];
        uint headerLength = BinaryPrimitives.ReadUInt32LittleEndian(info);
        bool core = headerLength == CoreHeaderLength;
        if (!core && headerLength is < BmpDecoder.InfoHeaderLength or > MaxHeaderLength)
        {
            throw Damaged(name, $"its header has {headerLength} bytes");
        }

        if (headerLength > info.Length) throw Damaged(name, "it ends inside the header");
        int width = core ? BinaryPrimitives.ReadUInt16LittleEndian(info[4..]) : BinaryPrimitives.ReadInt32LittleEndian(info[4..]);
        int signedHeight = core ? BinaryPrimitives.ReadUInt16LittleEndian(info[6..]) : BinaryPrimitives.ReadInt32LittleEndian(info[8..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(info[(core ? 10 : 14)..]);
        uint compression = core ? Uncompressed : BinaryPrimitives.ReadUInt32LittleEndian(info[16..]);
        uint coloursUsed = core ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(info[32..]);
        long height = Math.Abs((long)signedHeight);
        if (width < 1 || height < 1) throw Damaged(name, $"its size is {width} x {signedHeight}");
        limits.CheckSize(name, width, height);

        bool masked = compression is BitFields or AlphaBitFields;
        bool runs = (compression, bits, signedHeight > 0) is (RunLengths8, 8, true) or (RunLengths4, 4, true);
        if (!runs && !(masked ? bits is 16 or 32 : compression == Uncompressed && bits is 1 or 4 or 8 or 16 or 24 or 32))
        {
            throw Damaged(name, $"{bits} bits per pixel with compression {compression} are not supported");
        }

        int afterHeader = BmpDecoder.FileHeaderLength + (int)headerLength;
        BmpHeader header = new()
        {
            Width = width,
            Height = (int)height,
            RowsFromTop = signedHeight < 0,
            BitsPerPixel = bits,
            HasRunLengths = runs,
            PixelOffset = (int)Math.Min(pixelOffset, (uint)file.Length),
            Palette = bits > 8 ? default : (afterHeader, coloursUsed is 0 or > 256 ? 1 << bits : (int)coloursUsed, core ? 3 : 4),
            Masks = masked ? ReadMasks(file, headerLength, compression, name)
                : bits == 16 ? (0x7C00u, 0x3E0u, 0x1Fu, 0u)
                : (0xFF0000u, 0xFF00u, 0xFFu, 0u),
        };
        header.CheckExtent(file.Length, name);
        return header;
    }

    private static (uint Red, uint Green, uint Blue, uint Alpha) ReadMasks(ReadOnlySpan<byte> file, uint headerLength, uint compression, string name)
    {
        // They follow the 40 bytes of the oldest header, whether or not the header counts them as its own.
        ReadOnlySpan<byte> masks = file[(BmpDecoder.FileHeaderLength + BmpDecoder.InfoHeaderLength)..];
        bool hasAlpha = headerLength >= 56 || compression == AlphaBitFields;
        if (masks.Length < (hasAlpha ? 16 : 12)) throw Damaged(name, "it ends inside the header");
        (uint red, uint green, uint blue, uint alpha) = (
            BinaryPrimitives.ReadUInt32LittleEndian(masks),
            BinaryPrimitives.ReadUInt32LittleEndian(masks[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(masks[8..]),
            hasAlpha ? BinaryPrimitives.ReadUInt32LittleEndian(masks[12..]) : 0);
        if (!IsRun(red) || !IsRun(green) || !IsRun(blue) || (alpha != 0 && !IsRun(alpha)))
        {
            throw Damaged(name, "its colour masks are not runs of bits");
        }

        return (red, green, blue, alpha);
    }

    private static bool IsRun(uint mask) => mask != 0 && BitOperations.IsPow2((ulong)(mask >> BitOperations.TrailingZeroCount(mask)) + 1);

    private void CheckExtent(int fileLength, string name)
    {
        if (Palette.Offset + ((long)Palette.Colours * Palette.EntryLength) > fileLength) throw Damaged(name, "it ends inside the palette");
        long needed = (long)Stride * Height, there = fileLength - PixelOffset;
        if (needed > there && !HasRunLengths) throw Damaged(name, $"it ends early: the pixels need {needed} bytes, {there} are there");
    }

    public static InvalidImageContentException Damaged(string name, string problem) =>
        new(name, $"the BMP data is damaged or not supported ({problem})");
}
