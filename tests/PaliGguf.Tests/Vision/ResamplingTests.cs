using System.Security.Cryptography;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Vision;

namespace PaliGguf.Tests.Vision;

public class ResamplingTests
{
    /// <summary>Written by tests/golden/pillow/make_resize.py with the real Pillow.</summary>
    public static TheoryData<string, string, uint, int, int, int, int, string> PillowCases()
    {
        TheoryData<string, string, uint, int, int, int, int, string> cases = [];
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "golden", "pillow", "resize.json")));
        foreach (JsonElement item in file.RootElement.GetProperty("cases").EnumerateArray())
        {
            JsonElement from = item.GetProperty("from"), to = item.GetProperty("to");
            cases.Add(
                item.GetProperty("filter").GetString()!,
                item.GetProperty("kind").GetString()!,
                item.GetProperty("seed").GetUInt32(),
                from[0].GetInt32(),
                from[1].GetInt32(),
                to[0].GetInt32(),
                to[1].GetInt32(),
                item.GetProperty("sha256").GetString()!);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(PillowCases))]
    public void Every_byte_is_Pillows(string filter, string kind, uint seed, int width, int height, int toWidth, int toHeight, string sha256)
    {
        RgbImage source = RgbImage.FromRgb(PseudoRandom(seed, kind, 3 * width * height), width, height);

        RgbImage resized = Resampling.Resize(source, toWidth, toHeight, Enum.Parse<Interpolation>(filter, ignoreCase: true));

        Assert.Equal((toWidth, toHeight), (resized.Width, resized.Height));
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(resized.Pixels)));
    }

    [Fact]
    public void A_picture_of_the_wanted_size_is_returned_as_it_is()
    {
        RgbImage image = RgbImage.FromRgb(PseudoRandom(1, "noise", 3 * 5 * 4), 5, 4);

        Assert.Same(image, Resampling.Resize(image, 5, 4));
    }

    [Theory]
    [InlineData(Interpolation.Bicubic)]
    [InlineData(Interpolation.Bilinear)]
    public void One_colour_stays_that_colour(Interpolation interpolation)
    {
        Gen<int> side = Gen.Choose(1, 70);
        Arbitrary<(int[] Sizes, byte Red, byte Green, byte Blue)> cases = (
            from sizes in side.ArrayOf(4)
            from colour in Gen.Choose(0, 255).ArrayOf(3)
            select (sizes, (byte)colour[0], (byte)colour[1], (byte)colour[2])).ToArbitrary();

        Prop.ForAll(cases, one =>
        {
            RgbImage image = Plain(one.Sizes[0], one.Sizes[1], one.Red, one.Green, one.Blue);
            RgbImage expected = Plain(one.Sizes[2], one.Sizes[3], one.Red, one.Green, one.Blue);
            return Resampling.Resize(image, one.Sizes[2], one.Sizes[3], interpolation).Pixels.SequenceEqual(expected.Pixels);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Channels_do_not_mix()
    {
        byte[] pixels = PseudoRandom(9, "noise", 3 * 40 * 30);
        byte[] swapped = new byte[pixels.Length];
        for (int i = 0; i < pixels.Length; i += 3) (swapped[i], swapped[i + 1], swapped[i + 2]) = (pixels[i + 2], pixels[i], pixels[i + 1]);

        ReadOnlySpan<byte> resized = Resampling.Resize(RgbImage.FromRgb(pixels, 40, 30), 17, 50).Pixels;
        ReadOnlySpan<byte> resizedSwapped = Resampling.Resize(RgbImage.FromRgb(swapped, 40, 30), 17, 50).Pixels;

        for (int i = 0; i < resized.Length; i += 3)
        {
            Assert.Equal((resized[i + 2], resized[i], resized[i + 1]), (resizedSwapped[i], resizedSwapped[i + 1], resizedSwapped[i + 2]));
        }
    }

    [Fact]
    public void A_very_long_picture_needs_little_memory()
    {
        RgbImage image = Plain(1, 60_000, 10, 20, 30);
        long before = GC.GetAllocatedBytesForCurrentThread();

        RgbImage resized = Resampling.Resize(image, 224, 224);

        Assert.Equal(10, resized.Pixels[0]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, 5)]
    [InlineData(Resampling.MaxSide + 1, 1)]
    public void Sizes_out_of_range_are_refused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Resampling.Resize(Plain(2, 2, 0, 0, 0), width, height));

    [Fact]
    public void A_result_too_large_for_an_array_is_refused() =>
        Assert.Throws<ArgumentException>(() => Resampling.Resize(Plain(2, 2, 0, 0, 0), 40_000, 40_000));

    [Fact]
    public void An_unknown_interpolation_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Resampling.Resize(Plain(2, 2, 0, 0, 0), 3, 3, (Interpolation)7));

    private static RgbImage Plain(int width, int height, byte red, byte green, byte blue)
    {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i += 3) (pixels[i], pixels[i + 1], pixels[i + 2]) = (red, green, blue);
        return RgbImage.FromRgb(pixels, width, height);
    }

    private static byte[] PseudoRandom(uint seed, string kind, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            seed = (seed * 1664525) + 1013904223;
            int value = (int)(seed >> 24);
            bytes[i] = (byte)(kind == "noise" ? value : value >= 128 ? 255 : 0);
        }

        return bytes;
    }
}
