using NetVips;

namespace PaliGguf.Imaging.Tests;

/// <summary>Measures what the whole process holds, so it runs alone.</summary>
[Collection(Alone.Name)]
public class LifetimeTests
{
    [Fact]
    public void Memory_is_flat_over_many_pictures()
    {
        byte[][] good = [Picture.Bytes("orientation_6.jpg"), Picture.Bytes("wide_gamut.png"), .. LargeFiles()];
        byte[][] bad = good.Select(file => file[..(file.Length / 2)]).ToArray();
        for (int i = 0; i < 20; i++) Round();
        (int blocks, long bytes) = Tracked();

        // What leaks grows in every part of the time; the runtime and the allocator take and return memory in some.
        long[] growth = new long[4];
        for (int part = 0; part < growth.Length; part++)
        {
            long before = ResidentBytes();
            for (int i = 0; i < 25; i++) Round();
            growth[part] = ResidentBytes() - before;
        }

        Assert.Equal((blocks, bytes), Tracked());
        Assert.InRange(growth.Min(), long.MinValue, 6 << 20);

        void Round()
        {
            foreach (byte[] file in good) ImageFile.Load(file);
            foreach (byte[] file in bad) Assert.ThrowsAny<ImageException>(() => ImageFile.Load(file));
        }
    }

    [Fact]
    public void Many_threads_read_and_write_at_once()
    {
        RgbImage[] images = Enumerable.Range(0, 16).Select(seed => Picture.Noise(50 + seed, 40, seed)).ToArray();

        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            RgbImage image = images[i % images.Length];
            Picture.AssertSame(image, ImageFile.Load(ImageFile.Encode(image, i % 3 == 0 ? ImageFormat.Tiff : ImageFormat.Png)));
            ImageException e = Assert.ThrowsAny<ImageException>(() => ImageFile.Load(Picture.Bytes("blocks.png").AsSpan(0, 60), name: $"thread {i}"));
            Assert.StartsWith($"thread {i}: ", e.Message);
        });
    }

    private static byte[][] LargeFiles() =>
        new[] { ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.WebP, ImageFormat.Tiff, ImageFormat.Gif }
            .Select(format => ImageFile.Encode(Picture.Noise(160, 120), format))
            .ToArray();

    private static (int Blocks, long Bytes) Tracked()
    {
        Collect();
        return (Stats.Allocations, Stats.Mem);
    }

    private static long ResidentBytes()
    {
        Collect();
        return Environment.WorkingSet;
    }

    // Also what earlier tests left behind: it would be released at some time in the middle.
    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
