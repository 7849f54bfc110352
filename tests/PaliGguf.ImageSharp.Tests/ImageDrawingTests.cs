using PaliGguf.Imaging.Drawing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace PaliGguf.ImageSharp.Tests;

public sealed class ImageDrawingTests
{
    private static readonly Annotation[] Found =
    [
        new("เต่า", new AnnotationBox(10, 20, 90, 70)) { Score = 0.75f },
        new("cat", new AnnotationBox(40, 50, 110, 100)) { Mask = new AnnotationMask([true, false, true, true], 2, 2, 60, 60) },
    ];

    [Fact]
    public void An_opaque_picture_looks_as_it_does_without_ImageSharp()
    {
        using Image<Rgb24> image = new(128, 112, new Rgb24(90, 120, 60));
        RgbImage expected = new AnnotatedPicture(image.ToRgbImage(), Found).Render();
        image.Draw(Found);
        Assert.Equal(expected.Pixels, image.ToRgbImage().Pixels);
    }

    [Fact]
    public void What_is_not_drawn_on_keeps_its_alpha_and_all_bits()
    {
        Rgba64 pixel = new(0x1234, 0x5678, 0x9ABC, 0x8000);
        using Image<Rgba64> image = new(128, 112, pixel);
        image.Draw(Found);
        Assert.Equal(pixel, image[0, 0]);
        Assert.Equal(pixel, image[127, 111]);
        Assert.Equal(ushort.MaxValue, image[10, 40].A);
    }

    [Fact]
    public void Nothing_found_changes_nothing()
    {
        using Image<La16> image = new(16, 16, new La16(30, 40));
        image.Draw(Array.Empty<Annotation>());
        Assert.Equal(new La16(30, 40), image[8, 8]);
    }

    [Fact]
    public void A_style_that_enlarges_is_refused()
    {
        using Image<Rgb24> image = new(16, 16);
        ArgumentException refusal =
            Assert.Throws<ArgumentException>(() => image.Draw(Found, AnnotationStyle.Default with { Enlargement = 2 }));
        Assert.Contains("keeps its size", refusal.Message);
    }
}
