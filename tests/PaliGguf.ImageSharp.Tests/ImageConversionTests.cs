using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Imaging;
using PaliGguf.Tasks.Masks;
using PaliGguf.Tests;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace PaliGguf.ImageSharp.Tests;

public sealed class ImageConversionTests
{
    [Fact]
    public void A_file_is_read_alike_by_ImageSharp_and_libvips()
    {
        string path = Path.Combine(Repository.PaliNano, "samples", "scene_01.png");
        using Image<Rgb24> image = Image.Load<Rgb24>(path);
        Assert.Equal(ImageFile.Load(path).Pixels, image.ToRgbImage().Pixels);
    }

    [Fact]
    public void Three_channels_go_there_and_back_unchanged() => Check.QuickThrowOnFailure(Prop.ForAll(
        Pictures.ToArbitrary(), picture =>
        {
            using Image<Rgb24> image = picture.ToImage<Rgb24>();
            RgbImage back = image.ToRgbImage();
            return (back.Width, back.Height) == (picture.Width, picture.Height) && back.Pixels.SequenceEqual(picture.Pixels);
        }));

    [Fact]
    public void The_order_of_channels_does_not_matter() => Check.QuickThrowOnFailure(Prop.ForAll(
        Pictures.ToArbitrary(), picture =>
        {
            using Image<Bgr24> three = picture.ToImage<Bgr24>();
            using Image<Argb32> four = picture.ToImage<Argb32>();
            using Image<Rgba64> wide = picture.ToImage<Rgba64>();
            return new[] { three.ToRgbImage(), four.ToRgbImage(), wide.ToRgbImage() }
                .All(back => back.Pixels.SequenceEqual(picture.Pixels));
        }));

    [Theory]
    [InlineData(255, 10, 20, 30)]
    [InlineData(128, 132, 137, 142)]
    [InlineData(0, 255, 255, 255)]
    public void What_is_transparent_lies_on_white(byte alpha, byte red, byte green, byte blue)
    {
        using Image<Rgba32> image = new(3, 2, new Rgba32(10, 20, 30, alpha));
        Assert.Equal([red, green, blue], image.ToRgbImage().Pixels[^3..].ToArray());
        Assert.Equal(RgbImage.FromRgba([10, 20, 30, alpha], 1, 1).Pixels, image.ToRgbImage().Pixels[..3]);
    }

    [Fact]
    public void Grey_becomes_three_equal_channels_and_16_bits_are_rounded()
    {
        using Image<L8> grey = new(1, 1, new L8(77));
        using Image<L16> wide = new(1, 1, new L16(77 * 257));
        Assert.Equal([77, 77, 77], grey.ToRgbImage().Pixels.ToArray());
        Assert.Equal([77, 77, 77], wide.ToRgbImage().Pixels.ToArray());
    }

    [Fact]
    public void A_picture_of_unknown_pixel_type_is_taken_too()
    {
        using Image image = new Image<Bgra32>(2, 1, new Bgra32(1, 2, 3));
        Assert.Equal([1, 2, 3, 1, 2, 3], image.ToRgbImage().Pixels.ToArray());
    }

    [Fact]
    public void Of_several_frames_the_first_is_taken_and_each_can_be()
    {
        using Image<Rgb24> image = new(1, 1, new Rgb24(1, 2, 3));
        using Image<Rgb24> second = new(1, 1, new Rgb24(4, 5, 6));
        image.Frames.AddFrame(second.Frames.RootFrame);
        Assert.Equal([1, 2, 3], image.ToRgbImage().Pixels.ToArray());
        Assert.Equal([4, 5, 6], image.Frames[1].ToRgbImage().Pixels.ToArray());
    }

    [Fact]
    public void A_disposed_picture_is_refused()
    {
        Image<Rgb24> image = new(1, 1);
        image.Dispose();
        Assert.Throws<ObjectDisposedException>(() => image.ToRgbImage());
    }

    [Fact]
    public void A_mask_is_white_inside_and_black_outside()
    {
        using Image<L8> image = MaskBitmap.FromPixels(2, 2, [0, 1, 1, 0]).ToImage().ToImage<L8>();
        Assert.Equal([0, 255, 255, 0],
            new[] { image[0, 0], image[1, 0], image[0, 1], image[1, 1] }.Select(pixel => (int)pixel.PackedValue));
    }

    private static Gen<RgbImage> Pictures =>
        from width in Gen.Choose(1, 40)
        from height in Gen.Choose(1, 30)
        from pixels in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(3 * width * height)
        select RgbImage.FromRgb(pixels, width, height);
}
