namespace PaliGguf.Imaging.Tests.Formats;

/// <summary>
/// TIFFs that do not tell what their samples mean, or tell what is not read; those that are read are in <see cref="OtherDecodersTests"/>.
/// </summary>
public class TiffSamplesTests
{
    [Theory]
    [InlineData("signed_8", "its samples are signed numbers, and which is white is not known")]
    [InlineData("signed_16", "its samples are signed numbers, and which is white is not known")]
    [InlineData("signed_32", "its samples are signed numbers, and which is white is not known")]
    [InlineData("signed_16_grey", "its samples are signed numbers, and which is white is not known")]
    [InlineData("float_64", "its samples have 64 bits")]
    [InlineData("float_over_1", "its floating-point samples go beyond 0 to 1, and which is white is not known")]
    [InlineData("float_below_0", "its floating-point samples go beyond 0 to 1, and which is white is not known")]
    [InlineData("float_nan", "its floating-point samples go beyond 0 to 1, and which is white is not known")]
    [InlineData("grey_white_is_zero_float", "its samples are floating-point numbers with 0 for white")]
    [InlineData("unsigned_32_extra_1", "32-bit integers premultiplied with alpha")]
    [InlineData("ycbcr_subsampled", "YCbCr with subsampled chroma and without JPEG")]
    [InlineData("ycbcr_subsampling_untold", "YCbCr with subsampled chroma and without JPEG")]
    [InlineData("ycbcr_16_bits", "YCbCr of other than 8 bits, or in planes")]
    [InlineData("ycbcr_planar", "YCbCr of other than 8 bits, or in planes")]
    [InlineData("ycbcr_no_green", "its YCbCr coefficients are no numbers to compute with")]
    [InlineData("ycbcr_zero_denominator", "its YCbCr coefficients are no numbers to compute with")]
    [InlineData("ycbcr_extra_0", "YCbCr with extra samples")]
    [InlineData("colour_filter_array", "photometric interpretation 32803: the samples are no grey, RGB, CMYK, YCbCr or Lab colours")]
    [InlineData("linear_raw", "photometric interpretation 34892: the samples are no grey, RGB, CMYK, YCbCr or Lab colours")]
    [InlineData("transparency_mask", "photometric interpretation 4: the samples are no grey, RGB, CMYK, YCbCr or Lab colours")]
    [InlineData("lab_extra_1", "samples that are not 0 for black, premultiplied with alpha")]
    [InlineData("grey_white_is_zero_extra_1", "samples that are not 0 for black, premultiplied with alpha")]
    [InlineData("lab_one_sample", "its colours need 3 samples a pixel, and it has 1")]
    [InlineData("rgb_two_samples", "its colours need 3 samples a pixel, and it has 2")]
    [InlineData("cmyk_three_samples", "its colours need 4 samples a pixel, and it has 3")]
    [InlineData("grey_three_samples", "it has 3 samples a pixel, and says of one only what it means")]
    [InlineData("rgb_4_bits", "its samples have 4 bits, and a pixel has 3 of them")]
    [InlineData("palette_untold", "its palette has 0 numbers, and samples of 8 bits need 768")]
    [InlineData("palette_short", "its palette has 30 numbers, and samples of 8 bits need 768")]
    [InlineData("other_inks", "its inks are not cyan, magenta, yellow and black")]
    public void What_samples_mean_is_not_guessed(string file, string problem)
    {
        string path = Picture.Path($"Samples/{file}.tif");

        InvalidImageContentException e = Assert.Throws<InvalidImageContentException>(() => ImageFile.Load(path));

        Assert.Equal($"{path}: the TIFF data is damaged or not supported ({problem}; store it as RGB with 8 or 16 bits)", e.Message);
    }

    [Fact]
    public void No_pixels_are_told_as_such()
    {
        string path = Picture.Path("Samples/no_width.tif");

        InvalidImageContentException e = Assert.Throws<InvalidImageContentException>(() => ImageFile.Load(path));

        Assert.Equal($"{path}: the TIFF data is damaged or not supported (its size is 0 x 2)", e.Message);
    }

    [Fact]
    public void A_directory_cut_or_changed_anywhere_is_an_error_or_another_picture()
    {
        foreach (string file in (string[])["rgb_extra_0_bigtiff_big_endian", "ycbcr_headroom", "float_32_extra_1", "cmyk_extra_2",
            "lab_16_bits_bigtiff_planar"])
        {
            byte[] whole = Picture.Bytes($"Samples/{file}.tif");
            for (int at = 0; at < whole.Length; at++)
            {
                Check(whole[..at]);
                foreach (byte value in new byte[] { 0, 0xFF }) Check([.. whole[..at], value, .. whole[(at + 1)..]]);
            }
        }

        static void Check(byte[] file)
        {
            Exception? e = Record.Exception(() => ImageFile.Load(file, new ImageLimits { MaxPixels = 100_000 }));
            Assert.True(e is null or ImageException, $"{e}");
        }
    }
}
