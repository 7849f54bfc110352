using PaliGguf.Imaging;
using PaliGguf.Vision;

namespace PaliGguf.Tests.Vision;

public class PixelNormalizationTests
{
    [Theory]
    [InlineData("tiny-g1", 0)]
    [InlineData("tiny-g1", 1)]
    [InlineData("tiny-g2", 0)]
    [InlineData("tiny-g2", 1)]
    public void A_picture_file_becomes_the_reference_pixels(string golden, int number)
    {
        SafetensorsArrays reference = SafetensorsArrays.Load(Path.Combine(Repository.Golden(golden), "arrays.safetensors"));
        long[] shape = reference.Shape($"image{number}.pixel_values");
        RgbImage image = ImageFile.Load(Path.Combine(Repository.Golden(golden), $"image{number}.png"));

        RgbImage resized = Resampling.Resize(image, (int)shape[2], (int)shape[1]);
        float[] values = new float[3 * resized.Width * resized.Height];
        PixelNormalization.Siglip.WriteChannelFirst(resized, values);

        Assert.Equal(reference.Bytes($"image{number}.resized_u8"), resized.Pixels);
        Assert.All(reference.Floats($"image{number}.pixel_values").Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void Black_is_minus_one_and_white_is_one()
    {
        float[] values = new float[6];

        PixelNormalization.Siglip.WriteChannelFirst(RgbImage.FromRgb([0, 0, 0, 255, 255, 255], 2, 1), values);

        Assert.Equal([-1, 1, -1, 1, -1, 1], values);
    }

    [Fact]
    public void Each_channel_has_its_own_mean_and_deviation()
    {
        float[] values = new float[3];

        new PixelNormalization([0.25f, 0.5f, 1f], [0.5f, 0.25f, -1f]).WriteChannelFirst(RgbImage.FromRgb([255, 255, 0], 1, 1), values);

        Assert.Equal([1.5f, 2f, 1f], values);
    }

    [Fact]
    public void Patches_hold_channel_row_column_and_follow_each_other_row_by_row()
    {
        const int Width = 6, Height = 4, Patch = 2;
        RgbImage image = RgbImage.FromRgb(Enumerable.Range(0, 3 * Width * Height).Select(i => (byte)(i * 3)).ToArray(), Width, Height);
        float[] planes = new float[3 * Width * Height], patches = new float[3 * Width * Height];
        PixelNormalization.Siglip.WriteChannelFirst(image, planes);

        PixelNormalization.Siglip.WritePatches(image, Patch, patches);

        for (int i = 0; i < patches.Length; i++)
        {
            (int patch, int inside) = Math.DivRem(i, 3 * Patch * Patch);
            (int channel, int pixel) = Math.DivRem(inside, Patch * Patch);
            int y = (patch / (Width / Patch) * Patch) + (pixel / Patch);
            int x = (patch % (Width / Patch) * Patch) + (pixel % Patch);
            Assert.Equal(planes[(((channel * Height) + y) * Width) + x], patches[i]);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        RgbImage image = RgbImage.FromRgb(new byte[3 * 6 * 4], 6, 4);

        Assert.Throws<ArgumentException>(() => PixelNormalization.Siglip.WriteChannelFirst(image, new float[71]));
        Assert.Throws<ArgumentException>(() => PixelNormalization.Siglip.WritePatches(image, 2, new float[73]));
        Assert.Throws<ArgumentException>(() => PixelNormalization.Siglip.WritePatches(image, 4, new float[72]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PixelNormalization.Siglip.WritePatches(image, 0, new float[72]));
        Assert.Throws<ArgumentException>(() => new PixelNormalization([0.5f], [0.5f, 0.5f, 0.5f]));
        Assert.Throws<ArgumentException>(() => new PixelNormalization([0.5f, 0.5f, 0.5f], [0.5f, 0f, 0.5f]));
        Assert.Throws<ArgumentException>(() => new PixelNormalization([0.5f, float.NaN, 0.5f], [0.5f, 0.5f, 0.5f]));
    }
}
