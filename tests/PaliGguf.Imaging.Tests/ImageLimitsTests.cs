using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;

namespace PaliGguf.Imaging.Tests;

[Collection(nameof(LifetimeTests))]
public class ImageLimitsTests
{
    [Fact]
    public void A_decompression_bomb_is_refused_from_its_header()
    {
        byte[] bomb = BlackPng(30_000, 30_000);
        Assert.InRange(bomb.Length, 1, 500_000);
        ImageFile.Load(Picture.Path("blocks.png"));
        using Process process = Process.GetCurrentProcess();
        long memory = process.PeakWorkingSet64;
        Stopwatch watch = Stopwatch.StartNew();

        ImageLimitException e = Assert.Throws<ImageLimitException>(() => ImageFile.Load(bomb, name: "bomb.png"));

        process.Refresh();
        Assert.Equal("bomb.png: 30000 x 30000 pixels are 900 million, more than the limit of 100 million", e.Message);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.InRange(process.PeakWorkingSet64 - memory, 0, 64 << 20);
    }

    [Fact]
    public void Headers_of_other_formats_are_checked_as_early()
    {
        byte[] gif = Picture.Bytes("blocks.gif");
        int descriptor = gif.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x2C, 0, 0, 0, 0, Picture.BlocksWidth, 0, Picture.BlocksHeight, 0]);
        foreach (int size in new[] { 6, 8, descriptor + 5, descriptor + 7 }) BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(size), 60_000);
        byte[] bmp = Picture.Bytes("24_bits.bmp");
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), 60_000);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), -60_000);
        byte[] jpeg = Picture.Bytes("blocks.jpg");
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 60_000);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 60_000);

        foreach (byte[] bomb in new[] { gif, bmp, jpeg })
        {
            Assert.Contains("60000 x 60000", Assert.Throws<ImageLimitException>(() => ImageFile.Load(bomb)).Message);
        }
    }

    [Fact]
    public void The_limits_are_the_callers_to_set()
    {
        byte[] png = Picture.Bytes("blocks.png");

        ImageFile.Load(png, new ImageLimits { MaxPixels = 24 * 16, MaxSide = 24, MaxBytes = png.Length });

        Assert.Contains("24 x 16", Assert.Throws<ImageLimitException>(() => ImageFile.Load(png, new ImageLimits { MaxPixels = (24 * 16) - 1 })).Message);
        Assert.Contains("limit of 23 per side", Assert.Throws<ImageLimitException>(() => ImageFile.Load(png, new ImageLimits { MaxSide = 23 })).Message);
    }

    [Fact]
    public async Task Long_files_and_endless_streams_are_cut_short()
    {
        byte[] png = Picture.Bytes("blocks.png");
        ImageLimits limits = new() { MaxBytes = png.Length - 1 };
        ImageLimits oneMegabyte = new() { MaxBytes = 1 << 20 };
        using EndlessStream endless = new();

        Assert.Throws<ImageLimitException>(() => ImageFile.Load(png, limits));
        Assert.Throws<ImageLimitException>(() => ImageFile.Load(Picture.Path("blocks.png"), limits));
        Assert.Throws<ImageLimitException>(() => ImageFile.Load(endless, oneMegabyte));
        await Assert.ThrowsAsync<ImageLimitException>(() => ImageFile.LoadAsync(endless, oneMegabyte));
        Assert.InRange(endless.Given, 2 << 20, 6 << 20);
    }

    [Fact]
    public void The_smallest_picture_is_fine()
    {
        RgbImage pixel = Picture.Noise(1, 1);

        Picture.AssertSame(pixel, ImageFile.Load(ImageFile.Encode(pixel, ImageFormat.Png)));
    }

    private static byte[] BlackPng(int width, int height)
    {
        using MemoryStream data = new();
        using (ZLibStream zlib = new(data, CompressionLevel.Optimal))
        {
            byte[] row = new byte[1 + ((width + 7) / 8)];
            for (int y = 0; y < height; y++) zlib.Write(row);
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 1;
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, data.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> kind, byte[] content)
    {
        byte[] chunk = new byte[12 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        kind.CopyTo(chunk.AsSpan(4));
        content.CopyTo(chunk, 8);
        uint crc = uint.MaxValue;
        foreach (byte b in chunk.AsSpan(4, 4 + content.Length))
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), ~crc);
        return chunk;
    }

    private sealed class EndlessStream : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Given; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Given += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
