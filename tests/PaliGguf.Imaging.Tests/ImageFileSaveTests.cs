using PaliGguf.Tests;

namespace PaliGguf.Imaging.Tests;

public class ImageFileSaveTests
{
    [Theory]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Tiff)]
    [InlineData(ImageFormat.Bmp)]
    public void Lossless_formats_keep_every_pixel(ImageFormat format)
    {
        foreach ((int width, int height) in new[] { (1, 1), (1, 9), (13, 1), (37, 23), (640, 481) })
        {
            RgbImage image = Picture.Noise(width, height);

            Picture.AssertSame(image, ImageFile.Load(ImageFile.Encode(image, format)));
        }
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg, 8)]
    [InlineData(ImageFormat.WebP, 12)]
    [InlineData(ImageFormat.Avif, 12)]
    [InlineData(ImageFormat.Gif, 24)]
    public void Lossy_formats_keep_what_can_be_seen(ImageFormat format, int tolerance)
    {
        RgbImage image = Picture.Gradient(64, 48);

        Picture.AssertSame(image, ImageFile.Load(ImageFile.Encode(image, format, quality: 95)), tolerance);
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.jpg")]
    [InlineData("a.JPEG")]
    [InlineData("a.webp")]
    [InlineData("a.gif")]
    [InlineData("a.tif")]
    [InlineData("a.TIFF")]
    [InlineData("a.avif")]
    [InlineData("a.bmp")]
    public async Task The_ending_chooses_the_format(string file)
    {
        using TemporaryFolder folder = new();
        RgbImage image = Picture.Gradient(20, 10);

        ImageFile.Save(image, folder.File(file));
        byte[] first = await File.ReadAllBytesAsync(folder.File(file));
        await ImageFile.SaveAsync(image, folder.File(file));

        Assert.Equal(first, await File.ReadAllBytesAsync(folder.File(file)));
        Picture.AssertSame(image, ImageFile.Load(folder.File(file)), tolerance: 40);
        Assert.Equal([folder.File(file)], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void What_a_killed_process_has_left_is_removed_by_the_next_picture()
    {
        using TemporaryFolder folder = new();
        folder.Write(".paligguf-abc.partial", [1, 2, 3]);

        ImageFile.Save(Picture.Gradient(20, 10), folder.File("a.png"));

        Assert.Equal([folder.File("a.png")], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Streams_stay_open()
    {
        RgbImage image = Picture.Noise(5, 4);
        using MemoryStream stream = new();

        ImageFile.Save(image, stream, ImageFormat.Png);
        long first = stream.Length;
        await ImageFile.SaveAsync(image, stream, ImageFormat.Png);

        Assert.Equal(2 * first, stream.Length);
        stream.Position = first;
        Picture.AssertSame(image, ImageFile.Load(stream));
    }

    [Fact]
    public void A_higher_quality_makes_a_larger_file() =>
        Assert.True(ImageFile.Encode(Picture.Noise(64, 64), ImageFormat.Jpeg, 95).Length > ImageFile.Encode(Picture.Noise(64, 64), ImageFormat.Jpeg, 30).Length);

    [Fact]
    public void An_unknown_ending_lists_the_known_ones()
    {
        using TemporaryFolder folder = new();

        UnknownImageFormatException e = Assert.Throws<UnknownImageFormatException>(() => ImageFile.Save(Picture.Noise(2, 2), folder.File("a.xyz")));

        Assert.Contains("'.xyz'", e.Message);
        Assert.Contains(".png", e.Message);
    }

    [Fact]
    public void A_missing_folder_is_one_plain_line()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "not there", "a.png");

        ImageException e = Assert.Throws<ImageException>(() => ImageFile.Save(Picture.Noise(2, 2), path));

        Assert.Equal($"{path}: the folder does not exist", e.Message);
    }

    [Fact]
    public void A_folder_in_the_files_place_is_left_alone()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("a.png"));

        ImageException e = Assert.Throws<ImageException>(() => ImageFile.Save(Picture.Noise(2, 2), folder.File("a.png")));

        Assert.Equal($"{folder.File("a.png")}: this is a folder", e.Message);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_size_that_the_format_can_not_hold_is_an_error()
    {
        ImageException e = Assert.Throws<ImageException>(() => ImageFile.Encode(Picture.Noise(17_000, 1), ImageFormat.WebP));

        Assert.Contains("17000 x 1", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Quality_is_between_1_and_100(int quality) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFile.Encode(Picture.Noise(2, 2), ImageFormat.Jpeg, quality));
}
