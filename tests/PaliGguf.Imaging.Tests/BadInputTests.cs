using System.Buffers.Binary;
using System.Text;
using PaliGguf.Tests;

namespace PaliGguf.Imaging.Tests;

public class BadInputTests
{
    private const string Readable = "; JPEG, PNG, WebP, GIF, TIFF, AVIF and BMP are read";

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("A cat on a mat.\n", "this is text, not an image")]
    [InlineData("B", "this is text, not an image")]
    [InlineData("BM", "this is text, not an image")]
    [InlineData("<!DOCTYPE html><html><body>404</body></html>", "this is a web page, not the file itself: download the file again")]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE html><html><body/></html>", "this is a web page, not an image")]
    [InlineData("Entry not found", "this is a server's answer, 'Entry not found', not the file itself: download the file again")]
    [InlineData("/annex/objects/SHA256E-s31390--f5.png\n",
        "this is a git-annex pointer, not the file itself: fetch it with 'git annex get'")]
    [InlineData(
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize "
            + "12345\n",
        "this is a Git LFS pointer, not the file itself, which has 12345 bytes: fetch it with 'git lfs install' and 'git lfs pull' in the "
        + "clone, or download it again")]
    [InlineData("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>", "this is an SVG drawing, which is not read")]
    [InlineData("%PDF-1.7\n%\u00e2\u00e3", "this is a PDF document, not an image")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "this is a HEIC image, which is not read")]
    [InlineData("\0\0\0\u0018ftypisom\0\0\0\0isommp42", "this is a video or an image container that is not read")]
    [InlineData("GGUF\u0003\0\0\0", "this is a GGUF model, not an image")]
    [InlineData("PK\u0003\u0004", "this is a zip archive or an office document, not an image")]
    [InlineData("\0\u0001\u0002\u0003", "this is no image of a known format")]
    [InlineData("P6 1 1 255\n\0\0\0", "this is no image of a known format")]
    [InlineData("\u00ff\u00d8", "this is text, not an image")]
    public void What_is_no_image_is_named(string latin1, string problem)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("x.png", Encoding.Latin1.GetBytes(latin1));

        UnknownImageFormatException e = Assert.Throws<UnknownImageFormatException>(() => ImageFile.Load(path));

        Assert.Equal($"{path}: {problem}{Readable}", e.Message);
    }

    [Theory]
    [InlineData(0, 16, "the PNG data is damaged or not supported (its size is 0 x 16)")]
    [InlineData(24, 0, "the PNG data is damaged or not supported (its size is 24 x 0)")]
    [InlineData(int.MaxValue, 16, "2147483647 x 16 pixels are more than the limit of 65535 per side")]
    public void A_png_of_no_pixels_or_too_many_is_told_by_its_size(int width, int height, string problem)
    {
        byte[] png = Picture.Bytes("blocks.png");
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);

        ImageException e = Assert.ThrowsAny<ImageException>(() => ImageFile.Load(png, name: "x.png"));

        Assert.Equal($"x.png: {problem}", e.Message);
    }

    [Fact]
    public async Task A_missing_file_a_folder_and_an_empty_name_are_told_apart()
    {
        using TemporaryFolder folder = new();

        Assert.Equal($"{folder.File("x.png")}: there is no such file", Assert.Throws<ImageException>(() => ImageFile.Load(folder.File("x.png"))).Message);
        Assert.Equal($"{folder.Path}: this is a folder, not an image file", Assert.Throws<ImageException>(() => ImageFile.Load(folder.Path)).Message);
        Assert.Equal(
            $"{folder.File("x.png")}: there is no such file", (await Assert.ThrowsAsync<ImageException>(() => ImageFile.LoadAsync(folder.File("x.png")))).Message);
        Assert.Throws<ArgumentException>(() => ImageFile.Load(""));
    }

    public static TheoryData<string> AllFormats() =>
    [
        "blocks.png", "progressive.jpg", "blocks.jpg", "blocks.webp", "animated.webp", "blocks.gif", "animated.gif", "blocks.tif", "pages.tif",
        "24_bits.bmp", "8_bits.bmp", "1_bit.bmp", "wide_gamut.png", "orientation_6.jpg", "avif",
    ];

    [Theory]
    [MemberData(nameof(AllFormats))]
    public void A_file_cut_off_anywhere_is_an_error_or_still_complete(string file)
    {
        byte[] whole = Encoded(file);
        RgbImage expected = ImageFile.Load(whole);
        int step = Math.Max(1, whole.Length / 150);
        int complete = 0;
        for (int length = 0; length < whole.Length; length += step)
        {
            try
            {
                // Some formats end with bytes that hold no pixels.
                Picture.AssertSame(expected, ImageFile.Load(whole.AsSpan(0, length), name: "cut"));
                Assert.True(length > whole.Length / 2, $"complete after {length} of {whole.Length} bytes");
                complete++;
            }
            catch (ImageException e)
            {
                AssertPlainLine(e, "cut");
            }
        }

        Assert.True(complete < 75, $"{complete} cuts went unnoticed");
    }

    [Theory]
    [MemberData(nameof(AllFormats))]
    public void Flipped_bytes_are_an_error_or_another_picture_and_never_a_crash(string file)
    {
        byte[] whole = Encoded(file);
        Random random = new(7);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = (byte[])whole.Clone();
            for (int flips = random.Next(1, 4); flips > 0; flips--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                RgbImage image = ImageFile.Load(damaged, new ImageLimits { MaxPixels = 1_000_000 }, "flipped");
                Assert.InRange((long)image.Width * image.Height, 1, 1_000_000);
            }
            catch (ImageException e)
            {
                AssertPlainLine(e, "flipped");
            }
        }
    }

    [Theory]
    [InlineData("blocks.png")]
    [InlineData("blocks.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("blocks.webp")]
    [InlineData("blocks.tif")]
    [InlineData("blocks.gif")]
    [InlineData("24_bits.bmp")]
    [InlineData("avif")]
    public void Half_a_file_is_not_half_a_picture(string file)
    {
        byte[] whole = Encoded(file);

        InvalidImageContentException e = Assert.Throws<InvalidImageContentException>(() => ImageFile.Load(whole.AsSpan(0, whole.Length / 2), name: "half"));

        Assert.Contains("damaged", e.Message);
        AssertPlainLine(e, "half");
    }

    /// <summary>libvips once needed half a minute for this, when it was asked for many rows of a height without small divisors.</summary>
    [Fact]
    public void A_narrow_and_very_high_picture_is_read_in_no_time()
    {
        byte[] gif = Picture.Bytes("transparent.gif");
        int descriptor = gif.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x2C, 0, 0, 0, 0, 2, 0, 1, 0]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(descriptor + 7), 65_281);
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();

        Assert.Equal(65_281, ImageFile.Load(gif).Height);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_large_photo_cut_off_near_its_end_is_an_error()
    {
        foreach (ImageFormat format in new[] { ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.WebP, ImageFormat.Tiff, ImageFormat.Gif, ImageFormat.Bmp })
        {
            byte[] whole = ImageFile.Encode(Picture.Noise(400, 300), format);

            Assert.Throws<InvalidImageContentException>(() => ImageFile.Load(whole.AsSpan(0, whole.Length * 9 / 10)));
        }
    }

    private static byte[] Encoded(string file) => file == "avif" ? ImageFile.Encode(Picture.Blocks(), ImageFormat.Avif) : Picture.Bytes(file);

    private static void AssertPlainLine(ImageException e, string name)
    {
        Assert.StartsWith(name + ": ", e.Message);
        Assert.DoesNotContain(e.Message, char.IsControl);
        Assert.InRange(e.Message.Length, 10, 400);
    }
}
