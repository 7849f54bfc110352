using PaliGguf.Vision;

namespace PaliGguf.Tests.Vision;

public sealed class SoftTokenCacheTests
{
    [Fact]
    public void What_was_added_is_found()
    {
        SoftTokenCache cache = new(2);
        float[] tokens = [1, 2];
        Assert.Null(cache.Find(1));
        cache.Add(1, tokens);
        Assert.Same(tokens, cache.Find(1));
        Assert.Null(cache.Find(2));
    }

    [Fact]
    public void The_picture_that_was_unused_longest_makes_room()
    {
        SoftTokenCache cache = new(3);
        for (int key = 1; key <= 3; key++) cache.Add(key, [key]);
        cache.Find(1);
        cache.Add(4, [4]);
        Assert.Equal([true, false, true, true], new Int128[] { 1, 2, 3, 4 }.Select(key => cache.Find(key) is not null));
    }

    [Fact]
    public void A_picture_added_twice_takes_one_place()
    {
        SoftTokenCache cache = new(2);
        cache.Add(1, [1]);
        cache.Add(2, [2]);
        cache.Add(2, [2]);
        Assert.NotNull(cache.Find(1));
    }

    [Fact]
    public void A_cache_of_none_keeps_none()
    {
        SoftTokenCache cache = new(0);
        cache.Add(1, [1]);
        Assert.Null(cache.Find(1));
    }

    [Fact]
    public void The_key_is_the_content()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6];
        Int128 key = SoftTokenCache.Key(RgbImage.FromRgb(pixels, 2, 1));
        Assert.Equal(key, SoftTokenCache.Key(RgbImage.FromRgb(pixels, 2, 1)));
        pixels[5]++;
        Assert.NotEqual(key, SoftTokenCache.Key(RgbImage.FromRgb(pixels, 2, 1)));
    }

    [Fact]
    public void Threads_may_use_it_at_once()
    {
        SoftTokenCache cache = new(4);
        Parallel.For(0, 5000, index =>
        {
            int key = index % 9;
            if (cache.Find(key) is { } known) Assert.Equal([key], known);
            else cache.Add(key, [key]);
        });
        Assert.InRange(Enumerable.Range(0, 9).Count(key => cache.Find(key) is not null), 1, 4);
    }
}
